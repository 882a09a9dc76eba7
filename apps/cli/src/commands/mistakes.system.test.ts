import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { serving } from '../../../../packages/tcpip/test/online.js';
import { freePort } from '../../../../tools/free-port.js';
import { NOTHING_INHERITED } from '../../../../tools/programs.js';
import { A7600, A7600_LINE, type Ended, ended, going, moduleOnPty } from '../../test/real.js';
import { scratch } from '../../test/scratch.js';
import { typed } from '../../test/typed.js';

// What a new user does wrong, or has bad luck with, with each subcommand that opens a modem, over a real pseudo-terminal.
// A path that does not exist is in mistakes.test.ts, and doctor has a verdict for each in doctor.system.test.ts.

const own = scratch();

/** What a subcommand is called with, and what becomes of it. */
interface Row {
  readonly args: readonly string[];
  /** The exit code, if it is not 0, of one that nothing disturbs. */
  readonly code?: number;
  /** What it prints when it is in the middle of its work; without it, it is over too soon to be disturbed. */
  readonly middle?: RegExp;
  /** The exit code after Ctrl-C: 0 for those that it ends as a matter of course. */
  readonly interrupted?: 0 | 130;
  /** What the exit code is when the module is unplugged; undefined for those that wait for it to come back. */
  readonly unplugged?: 3;
}

/** Placeholders for what each test makes. */
const PEER = 'PEER';
const PORT = 'PORT';
const FILE = 'FILE';

const ROWS: Readonly<Record<string, Row>> = {
  at: { args: ['AT+CSQ'] },
  term: { args: ['--script', 'AT'] },
  proxy: { args: ['--listen', '0'], middle: /HTTP proxy on/, interrupted: 0 },
  run: { args: ['--', 'sh', '-c', 'echo begun; exec sleep 60'], middle: /begun/, interrupted: 130 },
  connect: { args: ['127.0.0.1', PEER], middle: /hello/, interrupted: 130, unplugged: 3 },
  listen: { args: [PORT], middle: /Listening on/, interrupted: 130, unplugged: 3 },
  forward: { args: ['-L', `${PORT}:127.0.0.1:80`], middle: /Ctrl-C ends it/, interrupted: 0 },
  // Its peer is no `a7600 speed --serve`, which it says.
  speed: { args: ['127.0.0.1', PEER], code: 1 },
  record: { args: [FILE], middle: /is on/, interrupted: 0, unplugged: 3 },
};
const all = Object.entries(ROWS);
const disturbed = all.filter(([, { middle }]) => middle !== undefined);

/** The command line of a row, with a peer that says hello, a free port and a file of this test. */
async function lineOf(name: string, path: string): Promise<string[]> {
  const { port } = await serving(own.open, (socket) => socket.write('hello\n'));
  const made = [
    [PEER, `${port}`],
    [PORT, `${await freePort()}`],
    [FILE, join(own.folder, 'file')],
  ] as const;
  const args = (ROWS[name]?.args ?? []).map((arg) =>
    made.reduce((text, [placeholder, value]) => text.replace(placeholder, value), arg),
  );
  return [name, '--serial', path, ...args];
}

/** The message for a person: sentences, without a stack trace. */
function told({ messages }: Ended): string {
  expect(messages).not.toMatch(/^ {4}at |node:internal|Error:/m);
  return messages;
}

describe.each(all)('%s', (name) => {
  test.skipIf(process.getuid?.() !== 0)('no permission: says who may', async () => {
    const { path } = await moduleOnPty(own.open);
    chmodSync(path, 0o600);
    chmodSync(own.folder, 0o777);
    const user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const outcome = await ended(own.open, [...user, ...A7600, ...(await lineOf(name, path))]);
    expect([outcome.code, String(outcome.output)]).toEqual([3, '']);
    expect(told(outcome)).toContain(`Not allowed to open ${path}. Only root may`);
  });

  test('another program has the port: names it', async () => {
    const { path } = await moduleOnPty(own.open);
    // On its end it sends a signal to its whole process group, which must not be that of the tests.
    const picocom = spawn('picocom', ['--quiet', '--noreset', path], {
      stdio: ['pipe', 'pipe', 'ignore', ...NOTHING_INHERITED],
      detached: true,
    });
    own.open.add(() => picocom.kill());
    // It has the lock before it reads; what it prints shows that it reads.
    picocom.stdin?.write('AT\r');
    await once(picocom.stdout as Readable, 'data');
    const outcome = await ended(own.open, [...A7600, ...(await lineOf(name, path))]);
    expect([outcome.code, String(outcome.output)]).toEqual([3, '']);
    expect(told(outcome)).toMatch(
      new RegExp(`${path} is in use by .*picocom \\(process ${picocom.pid}\\).*: close it`),
    );
  });

  test('piped to a program that leaves at once: ends without a complaint', async () => {
    const { path } = await moduleOnPty(own.open);
    const line = (await lineOf(name, path)).map((word) => `'${word}'`).join(' ');
    // What goes on prints again only when it ends.
    const bounded = ROWS[name]?.middle === undefined ? '' : 'timeout --signal=INT 1 ';
    const outcome = await ended(own.open, ['bash', '-c', `${bounded}${A7600_LINE} ${line} | true`]);
    expect(outcome.code).toBe(0);
    told(outcome);
  });

  test('a terminal of 20 columns: shows all of it', async () => {
    const { path } = await moduleOnPty(own.open);
    const person = typed(own.open, 20, ...(await lineOf(name, path)));
    const { middle } = ROWS[name] as Row;
    if (middle !== undefined) {
      // The terminal breaks the lines wherever they are too long.
      const anywhere = [...middle.source].map((letter) => (letter === ' ' ? '\\s*' : letter)).join('\\n?');
      await person.shows(new RegExp(anywhere));
      person.type('\x03');
    }
    const { code = 0, interrupted = code } = ROWS[name] as Row;
    expect(await person.ended).toBe(interrupted);
    expect(person.screen().join('\n')).not.toMatch(/node:internal|undefined|NaN/);
  });
});

/** Starts a row, and waits until it is in the middle of its work. */
async function inTheMiddle(name: string) {
  const module = await moduleOnPty(own.open);
  const { middle = /$/ } = ROWS[name] as Row;
  const started = going(own.open, [...A7600, ...(await lineOf(name, module.path))], { input: 'open' });
  await started.says(middle);
  return { module, started };
}

describe.each(disturbed)('%s in the middle', (name, { interrupted, unplugged }) => {
  test.each([
    ['SIGINT', interrupted],
    ['SIGTERM', interrupted === 0 ? 0 : 143],
  ] as const)('%s: closes in order, and exits with %i', async (signal, code) => {
    const { started } = await inTheMiddle(name);
    const since = performance.now();
    started.child.kill(signal);
    const outcome = await started.ended;
    expect(outcome.code).toBe(code);
    told(outcome);
    expect(performance.now() - since).toBeLessThan(60_000);
  });

  test('the module is unplugged: says so', async () => {
    const { module, started } = await inTheMiddle(name);
    module.unplug();
    if (unplugged === undefined) {
      await started.says(/The network is lost: Lost the serial port .*Next attempt in/);
      started.child.kill('SIGINT');
      expect(told(await started.ended)).toContain('Check the cable');
    } else {
      const outcome = await started.ended;
      expect(outcome.code).toBe(unplugged);
      expect(told(outcome)).toMatch(/Lost the serial port .*Check the cable/);
    }
  });
});
