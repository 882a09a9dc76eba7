import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emulator } from '@a7600/testing';
import { hostNetwork, onPty } from '@a7600/testing/node';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { held, serving } from '../../../../packages/tcpip/test/online.js';
import { program, programWith } from '../../test/program.js';
import { attach } from '../shared-line/attach.js';
import { socketFolder } from '../shared-line/places.js';
import { subcommands } from './index.js';

let open = new Subscription();
beforeEach(() => {
  open = new Subscription();
});
afterEach(() => open.unsubscribe());

describe.each([
  ['at', ['AT']],
  ['term', ['--quiet', '--script', 'AT']],
  ['proxy', ['--listen', '0']],
  ['run', ['--', 'true']],
  ['connect', ['127.0.0.1', '80']],
  ['listen', ['7000']],
  ['forward', ['-L', '18080:127.0.0.1:80']],
  ['speed', ['127.0.0.1', '80']],
])('%s', (name, args) => {
  test('a wrong path: says so at once, and does not try again', async () => {
    const { code, output, messages } = await program(name, '--serial', '/dev/no-such-port', ...args);
    expect([code, output]).toEqual([3, '']);
    expect(messages).toMatch(/\/dev\/no-such-port/);
    expect(messages.trim().split('\n')).toHaveLength(1);
  });

  test('a server without a modem', async () => {
    const { code, messages } = await program(name, '--tcp', '127.0.0.1:1', ...args);
    expect(code).toBe(3);
    expect(messages.trim().split('\n')).toHaveLength(1);
  });
});

const missing = '/no/such/file';
const nats = ['--nats', 'nats://127.0.0.1:1'];
describe.each([
  ['capture', [missing]],
  ['capture', ['--from', missing]],
  ['replay', [missing]],
  ['timeline', [missing]],
  ['timeline', [fileURLToPath(new URL('../../../../docs/program/no-apn.jsonl', import.meta.url)), missing]],
  ['record', [missing, '--emulated']],
  ['agent', ['--name', 'A', '--config', missing, ...nats]],
  ['fleet list', ['--creds', missing, ...nats]],
  ['fleet at', ['--creds', missing, ...nats, 'any', 'AT']],
  ['fleet doctor', ['--creds', missing, ...nats, 'any']],
  ['fleet watch', ['--creds', missing, ...nats]],
  ['fleet connect', ['--creds', missing, ...nats, 'any', '127.0.0.1', '9']],
  ['fleet proxy', ['--creds', missing, ...nats, 'any', '--listen', '0']],
  ['fleet set-up', ['--creds', missing, ...nats]],
  ['fleet configure', ['--agent', 'A', '--out', join(fileURLToPath(import.meta.url), 'folder')]],
])('%s %j', (name, args) => {
  test('a wrong path: says of which file, and why', async () => {
    const { code, output, messages } = await program(...name.split(' '), ...args);
    expect([code, output]).toEqual([2, '']);
    expect(messages).toMatch(
      /^Cannot (read|write) \S+ \(\S+\): (there is no such file|its folder does not exist|a part of its path is no folder)\.\n$/,
    );
  });

  // A subcommand that takes no credentials needs no server.
  test.runIf(args.includes('--creds'))('without a server', async () => {
    const { code, output, messages } = await program(
      ...name.split(' '),
      ...args.filter((arg) => arg !== '--creds' && arg !== missing),
    );
    expect([code, output]).toEqual([3, '']);
    expect(messages).toMatch(/^No NATS server answers at nats:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)\. .*\n$/);
  });
});

// `emulate` is the emulator's own program, which prints its help by itself.
const withHelp = subcommands.map(({ name }) => name).filter((name) => name !== 'emulate');
test.each(withHelp)('%s --help on a terminal of 20 columns is whole', async (name) => {
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
  const [narrow, wide] = await Promise.all(
    [20, 200].map((columns) => programWith({ columns }, ...name.split(' '), '--help')),
  );
  expect(narrow?.code).toBe(0);
  expect(words(narrow?.output ?? '')).toEqual(words(wide?.output ?? ''));
});

test('connect: the module is unplugged in the middle', async () => {
  const module = emulator({ network: hostNetwork() });
  const device = new Subscription();
  const { path } = await held(device, onPty(module));
  const { port } = await serving(open, (socket) =>
    socket.once('data', () => {
      socket.write('half');
      device.unsubscribe();
    }),
  );
  const { code, messages } = await programWith(
    { input: 'x' },
    'connect',
    '--serial',
    path,
    '127.0.0.1',
    `${port}`,
  );
  expect(code).toBe(3);
  expect(messages).toMatch(/Lost the serial port/);
});

test('a program that was killed leaves its socket, which is passed over', async () => {
  const runtime = mkdtempSync(join(tmpdir(), 'a7600-'));
  open.add(() => rmSync(runtime, { recursive: true }));
  Object.assign(process.env, { XDG_RUNTIME_DIR: runtime });
  const folder = socketFolder();
  const stale = join(folder as string, '999999999.sock');
  writeFileSync(stale, '');
  const found = await new Promise((resolve) =>
    attach().subscribe({ next: resolve, complete: () => resolve(undefined) }),
  );
  expect(found).toBeUndefined();
});
