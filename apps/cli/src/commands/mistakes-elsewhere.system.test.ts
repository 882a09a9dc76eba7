import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Subscription } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { NOTHING_INHERITED } from '../../../../tools/programs.js';
import { smallFleet } from '../../test/fleet.js';
import { A7600, A7600_LINE, ended, going, moduleOnPty } from '../../test/real.js';
import { scratch } from '../../test/scratch.js';
import { typed } from '../../test/typed.js';

// What goes wrong with the subcommands that open no modem by themselves: those that work with files, with a running
// program, or with a fleet, of which two stand for all. A path that does not exist, and a server that is away, are in
// mistakes.test.ts.

const own = scratch();

const shared = new Subscription();
let server = '';
beforeAll(async () => {
  ({ url: server } = await smallFleet(shared));
});
afterAll(() => shared.unsubscribe());

/** What a subcommand is called with, and what becomes of it. */
interface Row {
  readonly args: readonly string[];
  /** The exit code, if it is not 0, of one that nothing disturbs. */
  readonly code?: number;
  /** What it prints when it is in the middle of its work; without it, it is over too soon to be disturbed. */
  readonly middle?: RegExp;
  /** The argument that names a file which an ordinary user may not use, and what is said of it. */
  readonly secret?: readonly [args: readonly string[], message: RegExp];
}

/** Placeholders for what each test makes. */
const FILE = 'FILE';
const RECORDING = 'RECORDING';
const CONFIG = 'CONFIG';
const NATS = 'NATS';

const fleet = ['--nats', NATS];
const keyOfRoot = [
  ['--creds', RECORDING],
  /Cannot read \S+ \(--creds\): this user may not read it\./,
] as const;
const written = (option: string) =>
  new RegExp(`Cannot write \\S+ \\(${option}\\): this user may not write it\\.`);
const unreadable = (option: string) =>
  new RegExp(`Cannot read \\S+ \\(${option}\\): this user may not read it\\.`);

const ROWS: Readonly<Record<string, Row>> = {
  capture: { args: [FILE], middle: /Waiting for a running/, secret: [[], written('file')] },
  replay: { args: [RECORDING, '--pty'], middle: /recorded modem is on/, secret: [[], unreadable('FILE')] },
  timeline: { args: [RECORDING, FILE], secret: [[], unreadable('recording')] },
  // A computer of the tests has no modem; if it has ports, their names may be long.
  list: { args: ['--json'], code: 3 },
  emulate: {
    args: ['--tcp', '0'],
    middle: /Ctrl-C ends it/,
    secret: [['--pty', FILE], /Cannot make the link \S+: this user may not write to its folder\./],
  },
  agent: {
    args: ['--name', 'ROOF-18', '--config', CONFIG, ...fleet],
    middle: /Ctrl-C ends it/,
    secret: [[], unreadable('--config')],
  },
  'fleet list': { args: fleet, secret: keyOfRoot },
  'fleet watch': { args: fleet, middle: /east/, secret: keyOfRoot },
};
const disturbed = Object.entries(ROWS).filter(([, { middle }]) => middle !== undefined);

/** The command line of a row, with files of this test. */
function lineOf(name: string, more: readonly string[] = []): string[] {
  const file = (of: string, text: string) => {
    writeFileSync(join(own.folder, of), text, { mode: 0o600 });
    return join(own.folder, of);
  };
  const made: Readonly<Record<string, () => string>> = {
    [FILE]: () => join(own.folder, 'file'),
    [RECORDING]: () => file('recording', '{"format":"a7600-recording","version":1}\n'),
    [CONFIG]: () => file('config', '{"modems":[{"name":"north","emulated":"a76xx"}]}'),
    [NATS]: () => server,
  };
  const args = [...(ROWS[name]?.args ?? []), ...more].map((arg) => made[arg]?.() ?? arg);
  return [...name.split(' '), ...args];
}

/** The environment: no other program of the user can be attached to. */
const alone = () => ({ XDG_RUNTIME_DIR: own.folder });

/** The message for a person: sentences, without a stack trace. */
function told({ messages }: { readonly messages: string }): string {
  expect(messages).not.toMatch(/^ {4}at |node:internal|Error:|[A-Z]{5,}: /m);
  return messages;
}

describe.each(Object.entries(ROWS))('%s', (name, { code = 0, middle, secret }) => {
  // Only root can take another user's identity, and only some subcommands open a file.
  test.skipIf(process.getuid?.() !== 0 || secret === undefined)('no permission: says for what', async () => {
    const [more, message] = secret as NonNullable<Row['secret']>;
    const line = lineOf(name, more);
    chmodSync(own.folder, 0o755);
    const user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const outcome = await ended(own.open, [...user, ...A7600, ...line], { env: { XDG_RUNTIME_DIR: '' } });
    expect([outcome.code, String(outcome.output)]).toEqual([2, '']);
    expect(told(outcome)).toMatch(message);
  });

  test('piped to a program that leaves at once: ends without a complaint', async () => {
    const line = lineOf(name).map((word) => `'${word}'`);
    // What goes on prints again only when it ends.
    const bounded = middle === undefined ? '' : 'timeout --signal=INT 2 ';
    const command = `${bounded}${A7600_LINE} ${line.join(' ')} | true`;
    const outcome = await ended(own.open, ['bash', '-c', command], { env: alone() });
    expect(outcome.code).toBe(0);
    told(outcome);
  });

  test('a terminal of 20 columns: shows all of it', async () => {
    const person = typed(own.open, 20, ...lineOf(name));
    if (middle !== undefined) {
      // The terminal breaks the lines wherever they are too long.
      const anywhere = [...middle.source].map((letter) => (letter === ' ' ? '\\s*' : letter)).join('\\n?');
      await person.shows(new RegExp(anywhere));
      person.type('\x03');
    }
    expect(await person.ended).toBe(code);
    expect(person.screen().join('\n')).not.toMatch(/node:internal|undefined|NaN/);
  });
});

describe.each(disturbed)('%s in the middle', (name, { middle }) => {
  // Ctrl-C is typed above.
  test('SIGTERM is the usual end', async () => {
    const started = going(own.open, [...A7600, ...lineOf(name)], { env: alone() });
    await started.says(middle as RegExp);
    const since = performance.now();
    started.child.kill('SIGTERM');
    const outcome = await started.ended;
    expect(outcome.code).toBe(0);
    told(outcome);
    expect(performance.now() - since).toBeLessThan(60_000);
  });
});

test('capture: the program that it shows is killed, and another one is started', async () => {
  const module = await moduleOnPty(own.open);
  const env = alone();
  const capture = going(own.open, [...A7600, 'capture', join(own.folder, 'file')], { env });
  const term = () => going(own.open, [...A7600, 'term', '--serial', module.path], { env, input: 'open' });
  const [first] = [term()];
  await capture.says(new RegExp(`between process ${first.child.pid} `));
  first.child.kill('SIGKILL');
  await first.ended;
  const second = term();
  await capture.says(new RegExp(`Waiting[^]*between process ${second.child.pid} `));
  capture.child.kill('SIGINT');
  expect((await capture.ended).code).toBe(0);
});

test('agent: a wrong port, a port that another program has, and a module that is unplugged', async () => {
  const [module, held] = [await moduleOnPty(own.open), await moduleOnPty(own.open)];
  // On its end it sends a signal to its whole process group, which must not be that of the tests.
  const picocom = spawn('picocom', ['--quiet', '--noreset', held.path], {
    stdio: ['pipe', 'pipe', 'ignore', ...NOTHING_INHERITED],
    detached: true,
  });
  own.open.add(() => picocom.kill());
  picocom.stdin?.write('AT\r');
  await once(picocom.stdout as Readable, 'data');
  const modems = [
    { name: 'plugged', serial: module.path },
    { name: 'wrong', serial: '/dev/no-such-port' },
    { name: 'busy', serial: held.path },
  ];
  const config = join(own.folder, 'agent.json');
  writeFileSync(config, JSON.stringify({ modems }));
  const call = ['agent', '--name', 'ROOF-20', '--config', config, '--nats', server];
  const agent = going(own.open, [...A7600, ...call]);
  await Promise.all([
    agent.says(/plugged: online/),
    agent.says(/wrong: .*no serial port \/dev\/no-such-port/),
    agent.says(new RegExp(`busy: .*in use by .*picocom \\(process ${picocom.pid}\\)`)),
  ]);
  module.unplug();
  await agent.says(/plugged: waiting.*Lost the serial port/);
  agent.child.kill('SIGTERM');
  const outcome = await agent.ended;
  expect(outcome.code).toBe(0);
  told(outcome);
});

test('agent: a server that is away is waited for, until Ctrl-C', async () => {
  const port = await freePort();
  const call = lineOf('agent').map((word) => (word === server ? `nats://127.0.0.1:${port}` : word));
  const agent = going(own.open, [...A7600, ...call]);
  await agent.says(/No NATS server answers at nats:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\..* tried again/);
  agent.child.kill('SIGINT');
  expect((await agent.ended).code).toBe(0);
});
