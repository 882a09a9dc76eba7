import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serving } from '../../../../packages/tcpip/test/online.js';
import { A7600, ended, going, moduleOnPty } from '../../test/real.js';

// The real tshark captures by itself, and reads what `--capture` wrote.

let open = new Subscription();
let folder = '';
beforeEach(() => {
  open = new Subscription();
  folder = mkdtempSync(join(tmpdir(), 'a7600-'));
});
afterEach(() => {
  open.unsubscribe();
  rmSync(folder, { recursive: true, force: true });
});

const read = (file: string, ...args: string[]) =>
  execFileSync('tshark', ['-r', file, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

test('tshark -i a7600 captures a running program live', async () => {
  const env = { HOME: folder, XDG_RUNTIME_DIR: folder };
  const installed = await ended(open, [...A7600, 'capture', '--install-extcap'], { env });
  expect(installed.code).toBe(0);
  const interfaces = await ended(open, ['tshark', '-D'], { env });
  expect(String(interfaces.output)).toMatch(/\. a7600 \(A7600 modem/);

  const { port } = await serving(open, (socket) =>
    socket.once('data', (bytes) => socket.end(`got ${bytes}`)),
  );
  const module = await moduleOnPty(open);
  const proxy = going(open, [...A7600, 'proxy', '--serial', module.path, '--listen', '0'], { env });
  const [, address = ''] = await proxy.says(/proxy on (127\.0\.0\.1:\d+)/);

  const file = join(folder, 'live.pcapng');
  const live = going(open, ['tshark', '-i', 'a7600', '-w', file, '-a', 'packets:20', '-P', '-l'], { env });
  // It prints packets as they come: the first one is of the traffic that is made until then.
  let seen = false;
  live.says(/\bAT\b/).then(
    () => (seen = true),
    () => {},
  );
  const traffic = ['curl', '-s', '--http0.9', '--proxytunnel', '-x', address, `http://127.0.0.1:${port}/`];
  while (!seen || live.child.exitCode === null) await ended(open, traffic);
  expect((await live.ended).code).toBe(0);
  expect(read(file, '-Y', 'at.cmd')).toMatch(/\+CIP(?:OPEN|SEND|RXGET)/);
});

test('--capture writes from the first byte on, and the answer can be followed', async () => {
  const { port } = await serving(open, (socket) =>
    socket.once('data', (bytes) => socket.end(`got ${bytes}`)),
  );
  const module = await moduleOnPty(open);
  const file = join(folder, 'modem.pcapng');
  const args = ['connect', '--serial', module.path, '--capture', file, '127.0.0.1', `${port}`];
  const { code, output } = await ended(open, [...A7600, ...args], { input: Buffer.from('hello') });
  expect([code, String(output)]).toEqual([0, 'got hello']);
  expect(read(file, '-q', '-z', 'follow,tcp,ascii,0')).toMatch(/hello.*got hello/s);
  expect(read(file, '-Y', 'at.cmd')).toMatch(/AT\+NETOPEN/);
  // Secrets are in it: no other user may read it.
  expect(readFileSync(file).length).toBeGreaterThan(100);
  expect(execFileSync('stat', ['-c', '%a', file], { encoding: 'utf8' }).trim()).toBe('600');
});
