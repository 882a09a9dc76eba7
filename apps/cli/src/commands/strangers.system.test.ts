import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { postgres, sshKey, sshServer } from '../../../../packages/tcpip/test/programs.js';
import { freePort } from '../../../../tools/free-port.js';
import { gitServer } from '../../test/git-server.js';
import {
  A7600,
  A7600_LINE,
  ended,
  going,
  type ModuleOnPty,
  moduleOnPty,
  patterned,
} from '../../test/real.js';

// git, ssh and psql over a real pseudo-terminal, through the program, each with an outage in the middle.

let open = new Subscription();
let folder = '';
let module: ModuleOnPty;

beforeEach(async () => {
  open = new Subscription();
  folder = mkdtempSync(join(tmpdir(), 'a7600-'));
  module = await moduleOnPty(open);
});
afterEach(() => {
  open.unsubscribe();
  rmSync(folder, { recursive: true, force: true });
});

test('git clones over HTTP in `a7600 run`', async () => {
  const { url, head } = await gitServer(open, folder, 2_000_000);
  // The server is this computer, which programs usually reach without a proxy.
  const env = { no_proxy: '', NO_PROXY: '' };
  const run = [...A7600, 'run', '--serial', module.path, '--', 'git', 'clone', '-q', url];
  const clone = (to: string) => ended(open, [...run, join(folder, to)], { env });
  expect(await clone('whole')).toMatchObject({ code: 0, messages: '' });
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: join(folder, 'whole'), encoding: 'utf8' });
  expect(git('rev-parse', 'HEAD').trim()).toBe(head);
  git('fsck', '--strict');

  const over = module.outageAfter(500_000, 500);
  const broken = await clone('broken');
  expect(broken.code).toBe(128);
  expect(broken.messages).toMatch(/fatal: /);
  await over;
  expect(await clone('again')).toMatchObject({ code: 0 });
});

test('ssh uses `a7600 connect` as its ProxyCommand', async () => {
  const { host, port } = await sshServer(open);
  const key = join(folder, 'key');
  writeFileSync(key, sshKey().private, { mode: 0o600 });
  const bytes = patterned(1_000_000);
  const options = {
    ProxyCommand: `${A7600_LINE} connect --quiet --serial ${module.path} %h %p`,
    IdentityFile: key,
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    BatchMode: 'yes',
    LogLevel: 'ERROR',
  };
  const ssh = (command: string) =>
    ended(
      open,
      [
        'ssh',
        ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
        ...['-F', 'none', '-p', `${port}`, `${userInfo().username}@${host}`, command],
      ],
      { input: bytes },
    );
  const back = await ssh('cat');
  expect([back.code, Buffer.compare(back.output, bytes)]).toEqual([0, 0]);

  const over = module.outageAfter(700_000, 500);
  // 255: an error of ssh itself.
  expect(await ssh('cat')).toMatchObject({ code: 255 });
  await over;
  expect(String((await ssh('echo here')).output)).toBe('here\n');
});

test('psql reaches a PostgreSQL through `a7600 forward`', async () => {
  const server = await postgres(open);
  const port = await freePort();
  const rule = `${port}:localhost:${server.port}`;
  const program = going(open, [...A7600, 'forward', '--serial', module.path, '-L', rule]);
  await program.says(/Ctrl-C ends it/);
  const psql = (query: string) =>
    ended(open, [
      'psql',
      '-X',
      '-A',
      '-t',
      '-h',
      '127.0.0.1',
      '-p',
      `${port}`,
      '-U',
      'postgres',
      '-c',
      query,
    ]);
  const rows = Array.from({ length: 50_000 }, (_, index) => `${index + 1}\n`).join('');
  const numbers = await psql('select * from generate_series(1, 50000)');
  expect([numbers.code, String(numbers.output)]).toEqual([0, rows]);

  void module.outageAfter(300_000, 500);
  const broken = await psql("select repeat('x', 1000) from generate_series(1, 5000)");
  // 2: the connection was lost.
  expect(broken.code).toBe(2);
  expect(await psql('select 42')).toMatchObject({ code: 0, output: Buffer.from('42\n') });
  program.child.kill('SIGINT');
  expect(await program.ended).toMatchObject({ code: 0 });
});
