import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../../packages/tcpip/test/online.js';
import { A7600, ended, type ModuleOnPty, moduleOnPty } from '../../test/real.js';

// doctor on a real pseudo-terminal, and with the real programs that are in its way.

let open = new Subscription();
let module: ModuleOnPty;
beforeEach(async () => {
  open = new Subscription();
  module = await moduleOnPty(open);
});
afterEach(() => open.unsubscribe());

/** Runs doctor; gives the code of its verdict, and its exit code. */
async function doctor(...args: string[]) {
  const { code, output } = await ended(open, [...A7600, 'doctor', '--json', ...args]);
  const last = JSON.parse(String(output).trim().split('\n').at(-1) ?? '{}');
  return { code, verdict: last.verdict };
}

test('a module that works', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  open.add(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { code, verdict } = await doctor('--serial', module.path, '--target', `127.0.0.1:${port}`);
  expect({ code, verdict: verdict.code }).toEqual({ code: 0, verdict: 'WORKS' });
});

test('picocom has the port: it is named', async () => {
  // On its end it sends a signal to its whole process group, which must not be that of the tests.
  const picocom = spawn('picocom', ['--quiet', '--noreset', module.path], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  open.add(() => picocom.kill());
  // It has the lock before it reads; what it prints shows that it reads.
  picocom.stdin.write('AT\r');
  await once(picocom.stdout, 'data');
  const { code, verdict } = await doctor('--serial', module.path);
  expect({ code, verdict: verdict.code }).toEqual({ code: 3, verdict: 'PORT_BUSY' });
  // The module's own process has the other end of the pseudo-terminal.
  expect(verdict.evidence[0]).toBe(`picocom (process ${picocom.pid}) has it open or locked`);
  expect(verdict.next).toBe(`kill ${picocom.pid}`);
});

test.each([
  ['raw, with its device away', 'tcp', '--tcp', '/dev/does-not-exist', 'SERVER_WITHOUT_PORT'],
  ['Telnet', 'telnet', '--tcp', undefined, 'TELNET_SERVER'],
] as const)('ser2net, %s', async (_, accepter, option, device, code) => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'a7600-ser2net-'));
  const config = join(folder, 'ser2net.yaml');
  const connector = `serialdev,${device ?? module.path},115200n81,local`;
  writeFileSync(
    config,
    `%YAML 1.1\n---\nconnection: &modem\n  accepter: ${accepter},127.0.0.1,${port}\n  connector: ${connector}\n`,
  );
  const server = spawn('ser2net', ['-n', '-u', '-c', config], { stdio: 'ignore' });
  open.add(() => {
    server.kill();
    rmSync(folder, { recursive: true });
  });
  let examined = await doctor(option, `127.0.0.1:${port}`);
  // The server needs a moment until it listens.
  for (let tries = 0; tries < 10 && examined.verdict.code === 'CONNECTION_REFUSED'; tries++) {
    examined = await doctor(option, `127.0.0.1:${port}`);
  }
  expect(examined.verdict.code).toBe(code);
});
