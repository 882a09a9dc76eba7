import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { A7600, A7600_LINE, ended, going, type ModuleOnPty, moduleOnPty } from '../../test/real.js';
import { typed } from '../../test/typed.js';

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

test('npm run a7600 -- doctor --emulated: the verdict costs less than 2 s of processor time', async () => {
  const command = 'npm run --silent a7600 -- doctor --emulated';
  const { code, output, messages } = await ended(
    open,
    ['bash', '-c', `TIMEFORMAT='%U %S'; time ${command}`],
    {
      cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    },
  );
  expect([code, String(output)]).toEqual([
    0,
    expect.stringMatching(/The modem works\. \(WORKS\)\n {2}next: {5}a7600 proxy --emulated a76xx\n$/),
  ]);
  // A person waits for three seconds at most. On a busy computer that says nothing of the program; this does.
  const [user = 0, system = 0] = messages.trim().split(' ').map(Number);
  expect(user + system).toBeLessThan(2);
});

/**
 * A line that carries bytes only at 9600 baud. The pseudo-terminal has no rate, but it keeps the one that a program sets:
 * at any other one, both sides get what a UART makes of bits of the wrong length.
 */
const LINE_OF_9600 = `
import os, select, sys, termios, tty
module = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(module)
master, slave = os.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
def garbled(data):
    return bytes(byte * 53 & 255 | 128 for byte in data)
while True:
    for source in select.select([module, master], [], [])[0]:
        data = os.read(source, 4096)
        if termios.tcgetattr(slave)[5] != termios.B9600: data = garbled(data)
        os.write(master if source == module else module, data)
`;

test('another rate: it is found, and with it the module works', async () => {
  const line = going(open, ['/usr/bin/python3', '-c', LINE_OF_9600, module.path]);
  const [path] = await line.says(/\S+(?=\n)/);
  expect(await doctor('--serial', path)).toMatchObject({
    code: 4,
    verdict: {
      code: 'WRONG_RATE',
      evidence: ['AT is answered at 9600 baud, not at 115200'],
      next: `a7600 doctor --serial ${path} --baud 9600`,
    },
  });
  const server = createServer().listen(0, '127.0.0.1');
  open.add(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const target = ['--target', `127.0.0.1:${port}`];
  expect(await doctor('--serial', path, '--baud', '9600', ...target)).toMatchObject({
    verdict: { code: 'WORKS' },
  });
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

test.skipIf(process.getuid?.() !== 0)(
  'a port of root: an ordinary user is told which group to join',
  async () => {
    chmodSync(module.path, 0o600);
    const user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const { code, output } = await ended(open, [
      ...user,
      ...A7600,
      'doctor',
      '--json',
      '--serial',
      module.path,
    ]);
    const { verdict } = JSON.parse(String(output).trim().split('\n').at(-1) ?? '{}');
    expect({ code, verdict: verdict.code }).toEqual({ code: 3, verdict: 'PORT_DENIED' });
    expect(verdict.evidence[0]).toContain(module.path);
  },
);

test('no such port, and a file that is none', async () => {
  expect(await doctor('--serial', '/dev/ttyUSB77')).toMatchObject({
    code: 3,
    verdict: { code: 'PORT_NOT_FOUND' },
  });
  expect(await doctor('--serial', '/dev/null')).toMatchObject({ code: 3, verdict: { code: 'PORT_FAILED' } });
});

test('unplugged while it is examined', async () => {
  module = await moduleOnPty(open, { surroundings: { registration: 2 } });
  const doctor = going(open, [...A7600, 'doctor', '--serial', module.path]);
  await doctor.says(/SIM/);
  module.unplug();
  const { code, output } = await doctor.ended;
  expect([code, String(output)]).toEqual([3, expect.stringContaining('(LINK_LOST)')]);
});

test('killed while it examines: it ends in order, by the code of the signal', async () => {
  module = await moduleOnPty(open, { surroundings: { registration: 2 } });
  const folder = mkdtempSync(join(tmpdir(), 'a7600-bundle-'));
  open.add(() => rmSync(folder, { recursive: true }));
  const bundle = join(folder, 'modem.jsonl');
  writeFileSync(bundle, 'an earlier bundle');
  const doctor = going(open, [...A7600, 'doctor', '--serial', module.path, '--bundle', bundle]);
  await doctor.says(/flow control/);
  doctor.child.kill('SIGTERM');
  expect(await doctor.ended).toMatchObject({ code: 143, messages: '' });
  expect(readFileSync(bundle, 'utf8')).toBe('an earlier bundle');
});

test('a terminal of 20 columns: shows all of it', async () => {
  const person = typed(open, 20, 'doctor', '--serial', module.path, '--target', '127.0.0.1:9');
  expect(await person.ended).toBe(7);
  const shown = person.screen().join('').replaceAll(/\s+/g, '');
  expect(shown).toMatch(/answersATat115200baud,withecho.*\(NO_DATA\).*next:a7600at--serial/);
  expect(shown).not.toMatch(/undefined|NaN/);
});

test('a reader that has seen enough (| head) is no error', async () => {
  const line = `${A7600_LINE} doctor --serial ${module.path} | head -1`;
  const { code, output, messages } = await ended(open, ['bash', '-c', line]);
  expect([code, String(output), messages]).toEqual([0, expect.stringMatching(/^. answer .*\n$/), '']);
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
