import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { programs } from '../../test/program.js';

// A driver in the manner of those for Arduino boards, in C++ and built here, on the pseudo-terminal.

const source = fileURLToPath(new URL('../../test/arduino/driver.cpp', import.meta.url));
const execute = promisify(execFile);
const emulator = programs();
const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));

let folder = '';
let driver = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'a7600-driver-'));
  driver = join(folder, 'driver');
  await execute('g++', ['-std=c++17', '-O1', '-Wall', '-Werror', '-o', driver, source]);
});
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
});
afterEach(() => {
  echo.close();
});

/** Starts a module and lets the driver do something with it; gives what it says. */
async function drive(options: readonly string[], ...what: string[]): Promise<string> {
  const device = join(emulator.folder, 'modem');
  const program = emulator.start('--pty', device, ...options);
  await program.ready;
  const port = String((echo.address() as AddressInfo).port);
  const its = what.map((word) => (word === 'PID' ? String(program.child.pid) : word));
  const { stdout } = await execute(driver, [device, port, ...its], { timeout: 240_000 });
  return stdout;
}

test('sends and receives a megabyte', async () => {
  const said = await drive(['--instant'], 'exchange', '1000000');
  expect(said).toBe('link 0: 1000000 bytes there and back\ndone\n');
});

test('uses eight links at once', async () => {
  const said = await drive(['--baud', '921600'], 'links');
  expect(said.match(/there and back/g)).toHaveLength(32);
});

test('restarts the module, waits for its silence, and connects again', async () => {
  expect(await drive(['--baud', '921600'], 'restart')).toContain('1000 bytes there and back\ndone\n');
});

test('switches it off, and on by the power key', async () => {
  expect(await drive(['--baud', '921600'], 'power', 'PID')).toContain('1000 bytes there and back\ndone\n');
});
