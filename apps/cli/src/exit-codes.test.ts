import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type VerdictCode, verdict } from '@a7600/diagnostics/doctor';
import { type EmulatorOptions, emulator } from '@a7600/testing';
import { onTcp } from '@a7600/testing/node';
import { describe, expect, test } from 'vitest';
import { held } from '../../../packages/tcpip/test/online.js';
import { freePort } from '../../../tools/free-port.js';
import { faults } from '../../diagnostics/test/faults/all.js';
import { textOf } from '../test/pages.js';
import { program } from '../test/program.js';
import { scratch } from '../test/scratch.js';
import { subcommands } from './commands/index.js';
import { ExitCode, exitCodeOf, UsageError } from './exit-code.js';

// The table of exit codes in docs/program/README.md is true for every subcommand.

const own = scratch();
const FILE = 'FILE';
const PORT = 'PORT';
const NATS = ['--nats', 'nats://127.0.0.1:1'];

/** A usual call of each subcommand that opens a modem. */
const CONNECTING: Readonly<Record<string, readonly string[]>> = {
  doctor: [],
  at: ['AT'],
  term: ['--script', 'AT'],
  proxy: ['--listen', '0', '--for', '0.1'],
  run: ['--', 'true'],
  connect: ['127.0.0.1', '9'],
  listen: [PORT],
  forward: ['-L', `${PORT}:127.0.0.1:9`, '--for', '0.1'],
  record: [FILE, '--for', '0.1'],
  speed: ['127.0.0.1', '9'],
};
/** One of each that uses the server of a fleet. */
const IN_FLEET: Readonly<Record<string, readonly string[]>> = {
  agent: ['--name', 'A', '--config', FILE, '--for', '0.1'],
  'fleet list': [],
  'fleet watch': [],
  'fleet doctor': ['any'],
  'fleet at': ['any', 'AT'],
  'fleet connect': ['any', '127.0.0.1', '9'],
  'fleet proxy': ['any', '--listen', '0'],
  'fleet set-up': [],
};
/** Those that work with files only, with one that does not exist. */
const WITH_FILES: Readonly<Record<string, readonly string[]>> = {
  replay: [FILE],
  timeline: [FILE],
  capture: ['--from', FILE, '-'],
};

function written(name: string, text: string): string {
  writeFileSync(join(own.folder, name), text);
  return join(own.folder, name);
}

const HEADER = '{"format":"a7600-recording","version":1,"redacted":true}\n';
const sent = (text: string) => `${JSON.stringify({ at: 0, way: 'sent', text })}\n`;
const DAMAGED: Readonly<Record<string, string>> = {
  'no recording': 'hello\n',
  'a recording that was cut within a line': `${HEADER}{"at":0,"wa`,
};
const CUT: Readonly<Record<string, string>> = {
  'a recording that was cut after a command': HEADER + sent('AT\r'),
  'a recording of something else': HEADER + sent('hello\r'),
};

async function codeOf(name: string, args: readonly string[], ...more: readonly string[]): Promise<number> {
  const made: Readonly<Record<string, string>> = {
    [FILE]: join(own.folder, 'file'),
    [PORT]: `${await freePort()}`,
  };
  const own_ = args.map((arg) => arg.replace(/FILE|PORT/, (word) => made[word] ?? word));
  return (await program(...name.split(' '), ...more, ...own_)).code;
}

test('the table has every code, and each subcommand is in one of these groups', () => {
  const rows = [...textOf('README.md').matchAll(/^\| (\d+(?:, \d+)*) \|/gm)].flatMap(([, codes = '']) =>
    codes.split(', ').map(Number),
  );
  expect(rows.sort()).toEqual(Object.values(ExitCode).sort());
  const others = ['list', 'emulate', 'fleet configure'];
  const named = [CONNECTING, IN_FLEET, WITH_FILES].flatMap((group) => Object.keys(group));
  expect([...named, ...others].sort()).toEqual(subcommands.map(({ name }) => name).sort());
});

describe.each(Object.entries(CONNECTING))('%s', (name, args) => {
  test.each([
    ['an option that does not exist', ExitCode.Usage, ['--no-such-option']],
    ['a rate that is none', ExitCode.Usage, ['--baud', 'fast']],
    ['a file that does not exist', ExitCode.Usage, ['--pin-file', '/no/such/file']],
    ['a recording that does not exist', ExitCode.Usage, ['--replay', '/no/such/file']],
    ['a port that does not exist', ExitCode.Port, ['--serial', '/dev/no-such-port']],
    ['a server that does not listen', ExitCode.Port, ['--tcp', '127.0.0.1:1']],
    ['the same with RFC 2217', ExitCode.Port, ['--rfc2217', '127.0.0.1:1']],
  ])('%s: %i', async (_, code, more) => {
    expect(await codeOf(name, args, ...more)).toBe(code);
  });

  // A recorder waits for a program that uses its modem.
  const recordings = name === 'record' ? DAMAGED : { ...DAMAGED, ...CUT };
  test.each(Object.entries(recordings))('--replay with %s: 2', async (_, text) => {
    expect(await codeOf(name, args, '--replay', written('recording', text))).toBe(ExitCode.Usage);
  });
});

describe.each(Object.entries(WITH_FILES))('%s', (name, args) => {
  test('a file that does not exist, or is damaged: 2', async () => {
    expect(await codeOf(name, args)).toBe(ExitCode.Usage);
    for (const text of Object.values(DAMAGED)) {
      written('file', text);
      expect(await codeOf(name, args)).toBe(ExitCode.Usage);
    }
  });
});

describe.each(Object.entries(IN_FLEET))('%s', (name, args) => {
  test('without --nats, and with a key that does not exist: 2', async () => {
    expect(await codeOf(name, args)).toBe(ExitCode.Usage);
    written('file', '{"modems":[{"emulated":"a76xx"}]}');
    expect(await codeOf(name, args, ...NATS, '--creds', '/no/such/file')).toBe(ExitCode.Usage);
  });

  test('no server: 3', async () => {
    written('file', '{"modems":[{"emulated":"a76xx"}]}');
    expect(await codeOf(name, args, ...NATS)).toBe(ExitCode.Port);
  });
});

test.each([
  ['connect', ExitCode.Sim, { surroundings: { sim: 'SIM PIN' } }],
  ['run', ExitCode.Sim, { surroundings: { sim: 'SIM PUK' } }],
  ['listen', ExitCode.Network, { surroundings: { bearer: false } }],
  ['forward', ExitCode.Network, { surroundings: { bearer: false } }],
  ['speed', ExitCode.Network, { surroundings: { bearer: false } }],
  ['proxy', ExitCode.Network, { surroundings: { bearer: false } }],
] satisfies [string, number, EmulatorOptions][])('%s: %i with %j', async (name, code, options) => {
  const { port } = await held(own.open, onTcp(emulator(options)));
  expect(await codeOf(name, CONNECTING[name] ?? [], '--tcp', `127.0.0.1:${port}`)).toBe(code);
});

test('what is missing is named as an option of this program', async () => {
  const { port } = await held(own.open, onTcp(emulator({ surroundings: { sim: 'SIM PIN' } })));
  const { messages } = await program('connect', '--tcp', `127.0.0.1:${port}`, '127.0.0.1', '9');
  expect(messages).toBe('The SIM is locked: it asks for SIM PIN. Give its PIN with --pin-file FILE.\n');
});

test('a peer that refuses, a command that is refused: 1', async () => {
  expect(await codeOf('connect', ['127.0.0.1', PORT], '--emulated')).toBe(ExitCode.Refused);
  expect(await codeOf('speed', ['127.0.0.1', PORT], '--emulated')).toBe(ExitCode.Refused);
  expect(await codeOf('at', ['AT+NONE'], '--emulated')).toBe(ExitCode.Refused);
});

/** Where the cause alone says less than doctor finds out. */
const FURTHER: readonly (readonly [cause: string, verdict: VerdictCode])[] = [
  // With a recording it is the file, otherwise the other side of the port.
  ['PROTOCOL', 'RECORDING_DAMAGED'],
  // doctor asks for a second name, too.
  ['NAME_NOT_FOUND', 'DNS_DEAD'],
];

test('other subcommands exit as doctor does with the same cause', () => {
  for (const { name, causes = [], verdict: code } of faults) {
    for (const cause of causes) {
      if (FURTHER.some(([one, other]) => one === cause && other === code)) continue;
      const exit = exitCodeOf(Object.assign(new Error(), { code: cause }));
      expect({ name, cause, exit }).toEqual({ name, cause, exit: verdict(code).exit });
    }
  }
});

test.each([
  ['a mistake of the program', new TypeError('x is not a function'), ExitCode.Fault],
  ['what is no error', 'text', ExitCode.Fault],
  ['a mistake of the person', new UsageError('Choose another one.'), ExitCode.Usage],
  ['an error without a code', new Error('The TLS handshake failed.'), ExitCode.Refused],
])('%s: %#', (_, error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});
