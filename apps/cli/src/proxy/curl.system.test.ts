import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listening } from '../../../../packages/tcpip/test/online.js';
import { gitServer } from '../../test/git-server.js';
import {
  A7600,
  ended,
  type Going,
  going,
  type ModuleOnPty,
  moduleOnPty,
  patterned,
} from '../../test/real.js';

// The real curl, over a real pseudo-terminal, through the program.

const BIG = patterned(5_000_000);
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let open = new Subscription();
let folder = '';
let site = '';
let module: ModuleOnPty;
let proxy = '';
let program: Going;

beforeEach(async () => {
  open = new Subscription();
  folder = mkdtempSync(join(tmpdir(), 'a7600-'));
  const server = createServer(async (request, response) => {
    if (request.method === 'PUT') response.end(hash(await buffer(request)));
    else if (request.url === '/big') response.end(BIG);
    else if (request.url?.startsWith('/slow')) setTimeout(() => response.end(`page ${request.url}\n`), 300);
    else response.end(`page ${request.url}\n`);
  });
  site = `http://localhost:${await listening(server)}`;
  open.add(() => server.closeAllConnections());
  open.add(() => server.close());
  module = await moduleOnPty(open);
  program = going(open, [...A7600, 'proxy', '--serial', module.path, '--listen', '0']);
  const [, address = ''] = await program.says(/proxy on (127\.0\.0\.1:\d+)/);
  proxy = address;
});
afterEach(() => {
  open.unsubscribe();
  rmSync(folder, { recursive: true, force: true });
});

const curl = (...args: string[]) =>
  ended(open, ['curl', '--silent', '--show-error', '--max-time', '240', ...args]);

test.each([
  ['SOCKS5', () => ['--proxy', `socks5h://${proxy}`]],
  ['HTTP', () => ['--proxy', `http://${proxy}`]],
  ['CONNECT', () => ['--proxytunnel', '--proxy', `http://${proxy}`]],
])('a hundred requests, ten at once, by %s', async (_, options) => {
  const pages = Array.from({ length: 100 }, (__, index) => `page /${index + 1}`);
  const args = ['--parallel', '--parallel-max', '10', ...options(), `${site}/[1-100]`];
  const { code, output } = await curl(...args);
  expect(code).toBe(0);
  expect(String(output).trim().split('\n').sort()).toEqual(pages.sort());
});

test('a hundred requests without keep-alive, ten at once', async () => {
  const urls = `${site}/[1-100]`;
  const args = ['--parallel', '--parallel-max', '10', '--header', 'Connection: close', '--http1.0'];
  const { code, output } = await curl(...args, '--proxy', `socks5h://${proxy}`, urls);
  expect(code).toBe(0);
  expect(String(output).trim().split('\n')).toHaveLength(100);
});

test('curl has all ten links and more waiting: git gets its turn, and neither fails', async () => {
  const { url, head } = await gitServer(open, folder, 20_000);
  const pages = 150;
  // Each page takes 300 ms, and ten are served at once: if git came last, the pages would be there before its clone.
  const crowd = going(open, [
    ...[
      'curl',
      '--silent',
      '--show-error',
      '--fail',
      '--parallel',
      '--parallel-max',
      `${pages}`,
      '--http1.0',
    ],
    ...['--proxy', `socks5h://${proxy}`, `${site}/slow/[1-${pages}]`],
  ]);
  await crowd.says(/page/);
  const clone = join(folder, 'clone');
  const git = ['git', '-c', `http.proxy=socks5h://${proxy}`, 'clone', '-q', url, clone];
  const cloned = await ended(open, git, { env: { no_proxy: '', NO_PROXY: '' } });
  expect(cloned).toMatchObject({ code: 0, messages: '' });
  expect(crowd.child.exitCode).toBeNull();
  const { code, output } = await crowd.ended;
  expect([code, String(output).trim().split('\n').length]).toEqual([0, pages]);
  expect((await ended(open, ['git', '-C', clone, 'rev-parse', 'HEAD'])).output.toString().trim()).toBe(head);
});

test('five megabytes each way, and an outage in the middle', async () => {
  writeFileSync(join(folder, 'big'), BIG);
  const options = ['--proxy', `socks5h://${proxy}`];
  const down = await curl(...options, `${site}/big`);
  expect([down.code, hash(down.output)]).toEqual([0, hash(BIG)]);
  const up = await curl(...options, '--upload-file', join(folder, 'big'), `${site}/`);
  expect([up.code, String(up.output)]).toEqual([0, hash(BIG)]);

  void module.outageAfter(1_000_000, 500);
  const broken = await curl(...options, `${site}/big`);
  // 18: partial file; 56: failure in receiving.
  expect([18, 56]).toContain(broken.code);
  expect(broken.output.length).toBeGreaterThan(100_000);
  expect(hash(broken.output)).toBe(hash(BIG.subarray(0, broken.output.length)));
  const after = await curl(...options, `${site}/1`);
  expect([after.code, String(after.output)]).toEqual([0, 'page /1\n']);

  // Ctrl-C closes the network of the module, too.
  expect(module.control.networkOpen).toBe(true);
  program.child.kill('SIGINT');
  expect(await program.ended).toMatchObject({ code: 0 });
  expect(module.control.networkOpen).toBe(false);
});
