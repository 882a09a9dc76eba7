import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serving } from '../../../../packages/tcpip/test/online.js';
import { A7600, ended, going, moduleOnPty } from '../../test/real.js';
import { scratch } from '../../test/scratch.js';

// The real tshark captures by itself, and reads what `--capture` wrote.

const own = scratch();

const read = (file: string, ...args: string[]) =>
  execFileSync('tshark', ['-r', file, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

test('tshark -i a7600 captures a running program live', async () => {
  const env = { HOME: own.folder, XDG_RUNTIME_DIR: own.folder };
  const installed = await ended(own.open, [...A7600, 'capture', '--install-extcap'], { env });
  expect(installed.code).toBe(0);
  const interfaces = await ended(own.open, ['tshark', '-D'], { env });
  expect(String(interfaces.output)).toMatch(/\. a7600 \(A7600 modem/);

  const { port } = await serving(own.open, (socket) =>
    socket.once('data', (bytes) => socket.end(`got ${bytes}`)),
  );
  const module = await moduleOnPty(own.open);
  const proxy = going(own.open, [...A7600, 'proxy', '--serial', module.path, '--listen', '0'], { env });
  const [, address = ''] = await proxy.says(/proxy on (127\.0\.0\.1:\d+)/);

  const file = join(own.folder, 'live.pcapng');
  const live = going(own.open, ['tshark', '-i', 'a7600', '-w', file, '-a', 'packets:20', '-P', '-l'], {
    env,
  });
  // It prints packets as they come: the first one is of the traffic that is made until then.
  let seen = false;
  live.says(/\bAT\b/).then(
    () => (seen = true),
    () => {},
  );
  const traffic = ['curl', '-s', '--http0.9', '--proxytunnel', '-x', address, `http://127.0.0.1:${port}/`];
  while (!seen || live.child.exitCode === null) await ended(own.open, traffic);
  expect((await live.ended).code).toBe(0);
  expect(read(file, '-Y', 'at.cmd')).toMatch(/\+CIP(?:OPEN|SEND|RXGET)/);
});

test('tshark captures the process that it is given, not the newest one', async () => {
  const env = { HOME: own.folder, XDG_RUNTIME_DIR: own.folder };
  await ended(own.open, [...A7600, 'capture', '--install-extcap'], { env });
  const { port } = await serving(own.open, (socket) => socket.end('hello'));
  const proxies = [];
  for (const model of ['first', 'second']) {
    const { path } = await moduleOnPty(own.open);
    const proxy = going(own.open, [...A7600, 'proxy', '--serial', path, '--listen', '0'], { env });
    const [, address = ''] = await proxy.says(/proxy on (127\.0\.0\.1:\d+)/);
    proxies.push({ model, address, pid: proxy.child.pid });
  }
  const [first, second] = proxies;
  const file = join(own.folder, 'first.pcapng');
  const interfaceOptions = ['-i', 'a7600', '-o', `extcap.a7600.pid:${first?.pid}`];
  // More than one look at all ten links, which may come first.
  const live = going(own.open, ['tshark', ...interfaceOptions, '-w', file, '-a', 'packets:60', '-P', '-l'], {
    env,
  });
  const visit = (proxy: string | undefined, page: string) =>
    ended(own.open, ['curl', '-s', '--http0.9', '-p', '-x', `${proxy}`, `http://127.0.0.1:${port}/${page}`]);
  while (live.child.exitCode === null)
    await Promise.all([visit(first?.address, 'first'), visit(second?.address, 'second')]);
  expect((await live.ended).code).toBe(0);
  const text = read(file, '-x');
  expect(text).toMatch(/GET \/fi/);
  expect(text).not.toMatch(/GET \/se/);
});

test('--capture writes from the first byte on, and the answer can be followed', async () => {
  const { port } = await serving(own.open, (socket) =>
    socket.once('data', (bytes) => socket.end(`got ${bytes}`)),
  );
  const module = await moduleOnPty(own.open);
  const file = join(own.folder, 'modem.pcapng');
  const args = ['connect', '--serial', module.path, '--capture', file, '127.0.0.1', `${port}`];
  const { code, output } = await ended(own.open, [...A7600, ...args], { input: Buffer.from('hello') });
  expect([code, String(output)]).toEqual([0, 'got hello']);
  expect(read(file, '-q', '-z', 'follow,tcp,ascii,0')).toMatch(/hello.*got hello/s);
  expect(read(file, '-Y', 'at.cmd')).toMatch(/AT\+NETOPEN/);
  // Secrets are in it: no other user may read it.
  expect(readFileSync(file).length).toBeGreaterThan(100);
  expect(execFileSync('stat', ['-c', '%a', file], { encoding: 'utf8' }).trim()).toBe('600');
});
