import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { freePort } from '../../../tools/free-port.js';
import { program, programWith } from '../test/program.js';
import { groups, subcommands } from './commands/index.js';
import { withProfile } from './connection/options.js';

const RECORDING = 'RECORDING';
const RULE = 'RULE';
const BUNDLE = fileURLToPath(new URL('../../../docs/program/no-apn.jsonl', import.meta.url));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'a7600-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A file with some text. */
async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('the command line', () => {
  test('--help lists every subcommand and is no error', async () => {
    const own = subcommands.filter(({ name }) => !name.includes(' '));
    expect((await program('--help')).output).toMatch(
      listing([...own, { name: 'fleet', summary: groups.fleet }]),
    );
    const inFleet = subcommands.filter(({ name }) => name.startsWith('fleet '));
    const last = inFleet.map(({ name, summary }) => ({ name: name.replace('fleet ', ''), summary }));
    expect((await program('fleet', '--help')).output).toMatch(listing(last));
  });

  /** All of them in this order, each with the first word of its summary. */
  function listing(all: readonly { readonly name: string; readonly summary: string | undefined }[]): RegExp {
    const lines = all.map(({ name, summary }) => `^  ${name}\\b.* ${summary?.split(' ')[0]}`);
    return new RegExp(lines.join('[^]*'), 'm');
  }

  test.each(subcommands.map(({ name }) => [name]))('%s --help is no error', async (name) => {
    expect((await program(...name.split(' '), '--help')).code).toBe(0);
  });

  // The emulator's own program prints its help by itself.
  test.each(subcommands.map(({ name }) => [name]).filter(([name]) => name !== 'emulate'))(
    'help %s prints its options, wherever the word help stands',
    async (name = '') => {
      const { output } = await program(...name.split(' '), '--help');
      expect(output).toContain('Options:');
      const [group = '', member] = name.split(' ');
      const forms = [['help', group, member], ...(member === undefined ? [] : [[group, 'help', member]])];
      for (const form of forms) {
        expect((await program(...form.filter((word) => word !== undefined))).output).toBe(output);
      }
    },
  );

  test('--version is the version of the package', async () => {
    expect((await program('--version')).output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    [['at'], "missing required argument 'command'"],
    [['at', '--baud', 'fast', 'AT'], 'whole number from 300 to 4000000'],
    [['at', '--tcp', 'localhost', 'AT'], 'Write HOST:PORT'],
    [['at', '--tcp', 'h:1', '--serial', '/dev/x', 'AT'], "'--serial <path>' cannot be used"],
    [['at', '--emulated', '--unknown', 'AT'], "unknown option '--unknown'"],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['at', '--emulated', '--apn', 'a"b', 'AT'], 'apn'],
    [['list', 'usb'], "'usb' is one word too many: list takes no argument."],
    [['connect', '--emulated', 'a', '1', 'b'], "'b' is one word too many: connect takes 2 arguments."],
    [['doctor', '--emulated', 'sim7070'], '--emulated takes a76xx, note-1.00, sim7600, or nothing.'],
    [['capture', 'one', 'two'], "'two' is one word too many"],
    [['capture', '--emulated'], "unknown option '--emulated'."],
    [['record', 'f', '--emulated', '--pty', 'l', '--listen', '0'], "'--listen <port>' cannot be used"],
    [['replay', 'f', '--pty', 'l', '--tcp', '0'], "'--tcp <port>' cannot be used"],
    [['term', '--emulated', '--attach'], "'--attach [pid]' cannot be used with option '--emulated"],
    [['term', '--emulated', '--raw', '--script', 'AT'], "'--raw' cannot be used"],
    [['capture', '--pid', '1', '--from', 'f'], "'--pid <pid>' cannot be used"],
    [['capture', '--pid', '2147483647'], 'There is no process 2147483647.'],
    [['record', 'f', '--emulated', '--metrics', '0'], "unknown option '--metrics'"],
    [['replay', BUNDLE, '--speed', '10'], '--speed and --for are about --pty or --tcp'],
    [['speed', '--serve', '0', 'host'], '--serve is the server itself: it takes no host.'],
    [['doctor', '--emulated', '--target', 'a"b:80'], 'host'],
  ])('%s is an error of the command line, in one line', async (argv, message) => {
    const { code, output, messages } = await program(...argv);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(messages).toContain(message);
    expect(messages.trim().split('\n')).toHaveLength(1);
  });
});

test.each(subcommands.map(({ name, load }) => [name, load] as const))(
  '%s --help shows each default as it would be typed',
  async (_, load) => {
    const command = new Command();
    (await load()).define?.(command);
    for (const { parseArg, argChoices, defaultValue, defaultValueDescription } of command.options) {
      if (parseArg === undefined || defaultValue === undefined || argChoices !== undefined) continue;
      expect(parseArg(defaultValueDescription ?? '', undefined)).toEqual(defaultValue);
    }
  },
);

test('what follows -- belongs to another program', () => {
  const argv = ['run', '--emulated', '--', 'a7600', 'doctor', '--emulated'];
  expect(withProfile(argv)).toEqual(['run', '--emulated=a76xx', ...argv.slice(2)]);
});

describe('connection options', () => {
  test('a profile may follow --emulated, and need not', async () => {
    expect((await program('at', '--emulated', 'sim7600', 'AT+CGMM')).output).toContain('SIM7600');
    expect((await program('at', '--emulated', 'AT+CGMM')).output).toContain('A7672');
  });

  test('a file with a secret that cannot be used is an error that names file and option, not the secret', async () => {
    const missing = await program('at', '--emulated', '--pin-file', join(folder, 'none'), 'AT');
    expect(missing).toMatchObject({ code: 2, output: '' });
    expect(missing.messages).toContain('none (--pin-file): there is no such file.');
    const wrong = await program('at', '--emulated', '--pin-file', await file('pin', '12ab\n'), 'AT');
    expect(wrong.code).toBe(2);
    expect(wrong.messages).not.toContain('12ab');
    expect((await program('at', '--emulated', '--user', 'me', 'AT')).messages).toContain('--password-file');
    const alone = ['at', '--emulated', '--password-file', await file('password', 'secret'), 'AT'];
    expect((await program(...alone)).messages).toBe(
      '--password-file needs --user: the module takes no password without a name.\n',
    );
  });

  test('--bundle and --log-file name a file that cannot be written before anything else happens', async () => {
    const wrong = join(folder, 'no', 'file');
    for (const option of ['--bundle', '--log-file', '--capture']) {
      expect(await program('doctor', '--emulated', option, wrong)).toMatchObject({
        code: 2,
        output: '',
        messages: `Cannot write ${wrong} (${option}): its folder does not exist.\n`,
      });
    }
  });

  test('without a modem: says how to go on', async () => {
    const { code, messages } = await program('at', '--serial', '/dev/does-not-exist', 'AT');
    expect(code).toBe(3);
    expect(messages).toContain('/dev/does-not-exist');
  });

  test('options that have no effect with a subcommand are named', async () => {
    const { code, messages } = await program('at', '--emulated', '--apn', 'internet', 'AT');
    expect([code, messages]).toEqual([0, '--apn has no effect: at opens no network.\n']);
  });

  test('--verbose and --log-file show the dialogue without secrets', async () => {
    const log = join(folder, 'log');
    const { messages } = await program('at', '--emulated', '--verbose', '--log-file', log, 'AT+CGSN');
    for (const text of [messages, readFileSync(log, 'utf8')]) {
      expect(text).toMatch(/ s --> AT\+CGSN␍\n/);
      expect(text).not.toContain('862636050000019');
    }
  });
});

describe('completion', () => {
  /** What is printed for a shell, which goes to the standard output of the process. */
  async function printed(...argv: string[]): Promise<string> {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await program(...argv);
    const lines = log.mock.calls.map(([line]) => String(line));
    log.mockRestore();
    return lines.join('\n');
  }

  test.each(['fish', 'powershell'])('a script for %s', async (shell) => {
    expect(await printed('completion', shell)).toContain('a7600');
  });

  test('completes subcommands, and options of one', async () => {
    expect(await printed('complete', '--', 'doc')).toMatch(/^doctor\b/m);
    expect(await printed('complete', '--', 'doctor', '--ser')).toMatch(/^--serial\b/m);
  });
});

describe('output', () => {
  test('no colours in a pipe, some on a terminal', async () => {
    const esc = String.fromCharCode(0x1b);
    expect((await program('at', '--emulated', 'AT')).output).not.toContain(esc);
    expect((await programWith({ columns: 100 }, 'at', '--emulated', 'AT')).output).toContain(esc);
  });

  const place = { host: '127.0.0.1', port: expect.any(Number) };
  test.each([
    [['proxy', '--emulated', '--listen', '0'], { listening: place }],
    [['record', RECORDING, '--emulated', '--listen', '0'], { recording: expect.any(String), ...place }],
    [['record', RECORDING, '--emulated'], { path: expect.stringMatching(/^\/dev\//) }],
    [['replay', BUNDLE, '--tcp', '0'], place],
    [['forward', '--emulated', '-L', RULE], { kind: 'local', bind: '127.0.0.1', host: 'h', hostPort: 80 }],
  ])('%j --json says where it is', async (argv, expected) => {
    const made = { [RECORDING]: join(folder, 'recording'), [RULE]: `${await freePort()}:h:80` };
    const call = argv.map((word) => Object.entries(made).find(([name]) => name === word)?.[1] ?? word);
    const { code, output, messages } = await program(...call, '--for', '0.1', '--json');
    expect([code, messages]).toEqual([0, '']);
    expect(JSON.parse(output)).toMatchObject(expected);
  });

  test('--json: a value a line and nothing else', async () => {
    const { output } = await program('at', '--emulated', '--json', 'AT+CSQ', 'AT+NONE');
    const values = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(values).toMatchObject([
      { command: 'AT+CSQ', lines: ['+CSQ: 23,0', 'OK'], value: { rssi: 23, ber: 0 } },
      { command: 'AT+NONE', lines: ['ERROR'], error: expect.stringContaining('AT+NONE failed') },
    ]);
  });
});
