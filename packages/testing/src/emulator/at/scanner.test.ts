import { describe, expect, test } from 'vitest';
import { bytesOf, textOf } from '../../../test/observing.js';
import { Fifo } from '../line/fifo.js';
import type { PayloadSize } from './reply.js';
import { type ScanMode, Scanner } from './scanner.js';

/** A scanner whose module is the test: it notes what the host typed. */
function rig(limit = 20) {
  const input = new Fifo();
  const notes: string[] = [];
  const echoes: string[] = [];
  const state = { mode: 'lines' as ScanMode, takes: Number.POSITIVE_INFINITY };
  const onLine: ((line: string | undefined) => void)[] = [];
  const scanner: Scanner = new Scanner(
    input,
    {
      get scanMode() {
        return state.mode;
      },
      lineEnd: 0x0d,
      eraser: 0x08,
      typed: (bytes, what) => echoes.push(`${what} ${textOf(bytes)}`),
      commandLine: (line) => {
        notes.push(`line ${line}`);
        onLine.shift()?.(line);
      },
      repeat: () => notes.push('repeat'),
      payload: (bytes) => notes.push(`payload ${bytes === undefined ? undefined : textOf(bytes)}`),
      data: (bytes) => {
        const taken = bytes.subarray(0, state.takes);
        notes.push(`data ${textOf(taken)}`);
        return taken.length;
      },
    },
    limit,
  );
  const type = (text: string) => {
    input.push(bytesOf(text));
    scanner.proceed();
  };
  const expectPayload = (size: PayloadSize) => {
    scanner.expectPayload(size);
    state.mode = 'payload';
    scanner.proceed();
  };
  return { input, scanner, notes, echoes, state, onLine, type, expectPayload };
}

describe('command lines', () => {
  test('end with CR, however they are cut', () => {
    const { type, notes, echoes } = rig();
    for (const part of ['AT', '+C', 'SQ\rATE', '0\r']) type(part);
    expect(notes).toEqual(['line AT+CSQ', 'line ATE0']);
    expect(echoes).toEqual(['line AT', 'line +C', 'line SQ\r', 'line ATE', 'line 0\r']);
  });

  test('several in one chunk', () => {
    const { type, notes } = rig();
    type('AT\rATI\rAT&F\r');
    expect(notes).toEqual(['line AT', 'line ATI', 'line AT&F']);
  });

  test('are without line feeds and a lone Ctrl-Z between them, which are not echoed', () => {
    const { type, notes, echoes } = rig();
    type('\n\x1aAT\r');
    expect([notes, echoes]).toEqual([['line AT'], ['line AT\r']]);
    type('A\nT\r');
    expect(notes.at(-1)).toBe('line A\nT');
  });

  test('lose the characters that are erased', () => {
    const { type, notes } = rig();
    type('ATX\x08E1\r\x08AT\r');
    expect(notes).toEqual(['line ATE1', 'line AT']);
  });

  test('that are too long are none, the next one is', () => {
    const { type, notes } = rig(4);
    type('ATE0\rATE01\rAT\r');
    expect(notes).toEqual(['line ATE0', 'line undefined', 'line AT']);
  });

  test('A/ repeats without an end of its own, and only at the beginning', () => {
    const { type, notes, echoes } = rig();
    type('A/a/');
    expect([notes, echoes]).toEqual([
      ['repeat', 'repeat'],
      ['line A/', 'line a/'],
    ]);
    type('B/\rXA/\r');
    expect(notes.slice(2)).toEqual(['line B/', 'line XA/']);
  });

  test('wait while a command is at work, and one that is typed in it is not scanned twice', () => {
    const { type, notes, state, scanner, onLine } = rig();
    onLine.push(() => {
      state.mode = 'wait';
      scanner.proceed();
    });
    type('AT\rATI\r');
    expect(notes).toEqual(['line AT']);
    state.mode = 'lines';
    scanner.proceed();
    expect(notes).toEqual(['line AT', 'line ATI']);
  });
});

describe('a payload', () => {
  test('of a known length is what follows, and lines follow it', () => {
    const { type, notes, echoes, state, expectPayload } = rig();
    expectPayload(5);
    type('he');
    expect(notes).toEqual([]);
    type('l\roAT\r');
    expect(notes).toEqual(['payload hel\ro']);
    state.mode = 'lines';
    type('');
    type('X\r');
    expect(notes).toEqual(['payload hel\ro', 'line AT', 'line X']);
    expect(echoes.slice(0, 2)).toEqual(['payload he', 'payload l\ro']);
  });

  test('is cancelled by ESC where it ends with Ctrl-Z', () => {
    const { type, notes, expectPayload } = rig();
    expectPayload('until-sub');
    type('abc\x1a');
    expectPayload('until-sub');
    type('abc\x1b');
    expect(notes).toEqual(['payload abc', 'payload undefined']);
  });

  test('that is given up takes no more', () => {
    const { scanner, type, notes, input, expectPayload } = rig();
    expectPayload(5);
    scanner.abandonPayload();
    type('hello');
    expect([notes, input.length]).toEqual([[], 5]);
  });
});

describe('data', () => {
  test('goes on as far as it is taken', () => {
    const { type, notes, state, input } = rig();
    state.mode = 'data';
    state.takes = 3;
    type('hello');
    expect(notes).toEqual(['data hel', 'data lo']);
    state.takes = 0;
    type('more');
    expect([notes.at(-1), input.length]).toEqual(['data ', 4]);
  });
});

describe('the line feed of a line that ended with CR LF', () => {
  test('belongs to it where it has come already', () => {
    const { type, notes, onLine, expectPayload } = rig();
    onLine.push(() => expectPayload(2));
    type('AT+X=2\r\nab');
    expect(notes).toEqual(['line AT+X=2', 'payload ab']);
  });

  test('belongs to it where it comes while the command is at work', () => {
    const { type, notes, state, onLine, expectPayload } = rig();
    onLine.push(() => {
      state.mode = 'wait';
    });
    type('AT+X=2\r');
    type('\n');
    expectPayload(2);
    type('ab');
    expect(notes).toEqual(['line AT+X=2', 'payload ab']);
  });

  test('is payload after the prompt of a host that ends its lines with CR alone', () => {
    const { type, notes, onLine, expectPayload } = rig();
    onLine.push(() => expectPayload(2));
    type('AT+X=2\r');
    type('\na');
    expect(notes).toEqual(['line AT+X=2', 'payload \na']);
  });

  test('belongs to it after the prompt of a host that has ended a line so before', () => {
    const { type, notes, onLine, expectPayload } = rig();
    type('AT\r\n');
    onLine.push(() => expectPayload(2));
    type('AT+X=2\r');
    type('\nab');
    expect(notes).toEqual(['line AT', 'line AT+X=2', 'payload ab']);
  });

  test('that came a chunk later counts, too: the host ends its lines so', () => {
    const { type, notes, onLine, expectPayload } = rig();
    type('AT\r');
    type('\n');
    onLine.push(() => expectPayload(2));
    type('AT+X=2\r');
    type('\nab');
    expect(notes.at(-1)).toBe('payload ab');
  });

  test('is not expected any more from a host that left it out', () => {
    const { type, notes, onLine, expectPayload } = rig();
    type('AT\r\nAT\r');
    type('AT\r');
    onLine.push(() => expectPayload(2));
    type('AT+X=2\r');
    type('\na');
    expect(notes.at(-1)).toBe('payload \na');
  });

  test('is not expected any more from a host that left it out in a line that was typed ahead', () => {
    const { scanner, type, notes, state, onLine, expectPayload } = rig();
    type('AT\r\n');
    onLine.push(
      () => {
        state.mode = 'wait';
      },
      () => expectPayload(2),
    );
    type('AT+A\r');
    type('AT+X=2\r');
    state.mode = 'lines';
    scanner.proceed();
    type('\na');
    expect(notes).toEqual(['line AT', 'line AT+A', 'line AT+X=2', 'payload \na']);
  });

  test('is not looked for after the first byte of the payload', () => {
    const { type, notes, onLine, expectPayload } = rig();
    type('AT\r\n');
    onLine.push(() => expectPayload(2));
    type('AT+X=2\r');
    type('a');
    type('\n');
    expect(notes.at(-1)).toBe('payload a\n');
  });

  test.each([
    ['at the beginning', ''],
    ['after a restart', 'AT\r'],
  ])('is none without a line before it: %s', (_, before) => {
    const { scanner, type, notes, onLine, expectPayload } = rig();
    type(before);
    if (before !== '') scanner.reset();
    type('\n');
    onLine.push(() => expectPayload(2));
    type('AT+X=2\r');
    type('\na');
    expect(notes.at(-1)).toBe('payload \na');
  });

  test('is expected for one line at a time', () => {
    const { type, notes, state, onLine, expectPayload } = rig();
    type('AT\r\n');
    onLine.push(() => expectPayload(1));
    type('AT+X=1\r\nx');
    state.mode = 'lines';
    type('\n');
    expect(notes).toEqual(['line AT', 'line AT+X=1', 'payload x']);
    expectPayload(1);
    type('\n');
    expect(notes.at(-1)).toBe('payload \n');
  });

  test('is data after CONNECT to a host that ends its lines with CR alone', () => {
    const { scanner, type, notes, state } = rig();
    type('ATO\r');
    scanner.connected();
    state.mode = 'data';
    type('\nx');
    expect(notes).toEqual(['line ATO', 'data \nx']);
  });

  test('is data as soon as CONNECT is printed, although the module does not take data yet', () => {
    for (const [ahead, expected] of [
      ['', 'data \nx'],
      ['AT\r\n', 'data x'],
    ] as const) {
      const { scanner, type, notes, state } = rig();
      type(ahead);
      type('ATO\r');
      state.mode = 'wait';
      scanner.connected();
      type('\nx');
      state.mode = 'data';
      scanner.proceed();
      expect(notes.at(-1)).toBe(expected);
    }
  });

  test('belongs to the line before CONNECT to a host that has ended one so before', () => {
    const { scanner, type, notes, state } = rig();
    type('AT\r\nATO\r');
    scanner.connected();
    state.mode = 'data';
    type('\nx');
    expect(notes).toEqual(['line AT', 'line ATO', 'data x']);
  });
});

test('a restart forgets what was typed', () => {
  const { scanner, type, notes, state, input, expectPayload } = rig(4);
  type('ATE01');
  scanner.reset();
  type('AT\r');
  expect(notes).toEqual(['line AT']);
  expectPayload(5);
  scanner.reset();
  state.mode = 'wait';
  type('x');
  scanner.reset();
  expect(input.length).toBe(0);
  state.mode = 'payload';
  type('\n');
  expect([notes, input.length]).toEqual([['line AT'], 1]);
});
