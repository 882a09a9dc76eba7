import { describe, expect, test } from 'vitest';
import { bytesOf, decodeWith, summary, textOf } from '../../test/decode.js';
import { decode, frames, linesOf } from '../../test/tables.js';
import { a7600 } from '../a7600.js';
import { MAX_PAYLOAD } from '../commands/sending.js';
import { createDecoder } from './decoder.js';
import type { Dialect } from './dialect.js';
import type { AtEvent } from './events.js';
import type { BlockHeader } from './line.js';

/** A decoder and the events that it has emitted. */
function decoding() {
  const events: AtEvent[] = [];
  const decoder = createDecoder(a7600, (event) => events.push(event));
  return { decoder, seen: () => summary(events), push: (text: string) => decoder.push(bytesOf(text)) };
}

/** What the decoder makes of `text` cut at each place into two chunks: always the same. */
function inTwo(text: string): string[] {
  const bytes = bytesOf(text);
  const all = Array.from(bytes, (_, at) =>
    summary(decodeWith(a7600, [bytes.subarray(0, at), bytes.subarray(at)])),
  );
  for (const each of all) expect(each).toEqual(all[0]);
  return all[0] as string[];
}

describe('what a line is', () => {
  test.each(['OK 1', 'OK: 1', 'OK,', 'RDY: 1', 'SMS DONE 2', 'NO CARRIER 1', 'CLOSED: 0', ' OK x'])(
    '%s is more than the whole line that it begins with',
    (line) => {
      expect(decode(frames(line))).toEqual([`text ${line.trim()}`]);
    },
  );

  test.each(['OK ', ' OK', '  OK  ', 'OK\0', 'OK \r'])(
    'spaces around a result are no part of it: %j',
    (line) => {
      expect(decode(`\r\n${line}\r\n`)).toEqual(['result OK']);
    },
  );

  test.each([
    ['at+csq', 'echo'],
    ['At+CSQ', 'echo'],
    ['aT', 'echo'],
    ['AT', 'echo'],
    ['A', 'text'],
    ['A/', 'text'],
    ['BT+CSQ', 'text'],
    ['AU+CSQ', 'text'],
    ['+AT', 'text'],
  ])('%s is an %s', (line, kind) => {
    expect(decode(`${line}\r\r\nOK\r\n`)).toEqual([`${kind} ${line}`, 'result OK']);
  });

  test.each(['+CREGX: 1', '+CREG2: 1', '+CREG_X: 1', '+CREGz: 1'])('a name goes on in %s', (line) => {
    expect(decode(frames(line))).toEqual([`text ${line}`]);
  });

  test.each(['+CREG: 1', '+CREG:1', '+CREG 1', '+CREG,1', '+CREG : 1'])('a name ends in %s', (line) => {
    expect(decode(frames(line))).toEqual([`urc ${line}`]);
  });

  test('bytes beyond ASCII are characters of a line, and end a name', () => {
    expect(decode(frames('\xe9\xff', '+CREG\xe9: 1', '\x80'))).toEqual([
      'text \xe9\xff',
      'text +CREG\xe9: 1',
      'text \x80',
    ]);
  });

  test('the longest prefix wins, and a shorter one where the longer does not fit', () => {
    expect(decode(frames('CONNECT FAIL', 'CONNECT FAILED', '+CIPRXGETIP:1.2.3.4:5'))).toEqual([
      'result CONNECT FAIL',
      'result CONNECT FAILED',
      'urc +CIPRXGETIP:1.2.3.4:5',
    ]);
    expect(linesOf(frames('+CCH_PEER_CLOSED: 1')).map(({ name }) => name)).toEqual(['+CCH_PEER_CLOSED']);
  });
});

describe('how long a line may be', () => {
  const LIMIT = 4096;

  test.each([
    [LIMIT - 2, ['text']],
    [LIMIT - 1, ['noise']],
    [LIMIT, ['noise']],
    [LIMIT + 1, ['noise']],
  ])('%i characters', (length, kinds) => {
    const line = 'x'.repeat(length);
    for (const padding of ['', '\r\n', '\r\n\r\n  ']) {
      for (const at of [1, padding.length + 1, 4000, LIMIT - 1, LIMIT, length + padding.length + 1]) {
        const bytes = bytesOf(`${padding}${line}\r\n\r\nOK\r\n`);
        const events = decodeWith(a7600, [bytes.subarray(0, at), bytes.subarray(at)]);
        expect(summary(events)).toEqual([
          kinds[0] === 'text' ? `text ${line}` : `noise ${padding}${line}\r\n`,
          'result OK',
        ]);
      }
    }
  });

  test('a limit of its own', () => {
    const events = (text: string) => summary(decodeWith(a7600, [bytesOf(text)], { limits: { line: 10 } }));
    expect(events('\r\n12345678\r\n')).toEqual(['text 12345678']);
    expect(events('\r\n123456789\r\n')).toEqual(['noise \r\n123456789\r\n']);
  });

  test.each([10, 61, 63, 64, 65, 66])('a limit of %i holds in large chunks too', (line) => {
    const lines = [line - 2, line - 1, 62, 63].map((length) => 'x'.repeat(length));
    const bytes = bytesOf(frames('OK', ...lines).repeat(5));
    expect(bytes.length).toBeGreaterThan(256);
    const fits = (text: string) => (text.length <= line - 2 ? `text ${text}` : `noise \r\n${text}\r\n`);
    const events = summary(decodeWith(a7600, [bytes], { limits: { line } })).join('; ');
    expect(events).toBe(
      summary(
        decodeWith(
          a7600,
          Array.from(bytes, (byte) => Uint8Array.of(byte)),
          { limits: { line } },
        ),
      ).join('; '),
    );
    expect(events).toContain(fits(lines[0] ?? ''));
    expect(events).toContain(fits(lines[1] ?? ''));
  });

  test('256 bytes of padding are noise, 255 are not', () => {
    for (const cut of [1, 100, 254, 255]) {
      for (const [count, expected] of [
        [255, ['result OK']],
        [256, [`noise ${' '.repeat(256)}`, 'result OK']],
        [257, [`noise ${' '.repeat(256)}`, 'result OK']],
      ] as const) {
        const bytes = bytesOf(`${' '.repeat(count)}OK\r\n`);
        expect(summary(decodeWith(a7600, [bytes.subarray(0, cut), bytes.subarray(cut)]))).toEqual(expected);
      }
    }
  });

  test('an overlong line ends with its LF, in whatever chunk that comes', () => {
    const line = 'y'.repeat(5_000);
    const bytes = bytesOf(`${line}\r\n\r\nOK\r\n`);
    const chunks = [bytes.subarray(0, 4_500), bytes.subarray(4_500, 5_001), bytes.subarray(5_001)];
    expect(summary(decodeWith(a7600, chunks))).toEqual([`noise ${line}\r\n`, 'result OK']);
  });
});

describe('where a chunk ends', () => {
  test.each([
    '\r\nOK\r\n\r\n+CREG: 1\r\n',
    'AT+CSQ\r\r\n+CSQ: 1,2\r\n\r\nOK\r\n',
    '\0\r\n*ATREADY: 1\r\n',
    'one\rtwo\nthree\r\n\r\n',
    '\r\n+CIPRXGET: 2,0,5,0\r\nhello\r\n\r\nOK\r\n',
    '\r\n+IPD3\r\na\rb\r\nRECV FROM:1.2.3.4:5\r\n+IPD1\r\n\n\r\nOK\r\n',
  ])('%j is the same wherever it is cut in two', (text) => {
    expect(inTwo(text).length).toBeGreaterThan(0);
  });

  test('a line is emitted as soon as it is certain to be complete', () => {
    const { push, seen } = decoding();
    push('\r\nOK\r');
    expect(seen()).toEqual([]);
    push('\n');
    expect(seen()).toEqual(['result OK']);
    push('AT\r');
    expect(seen()).toEqual(['result OK']);
    push('A');
    expect(seen()).toEqual(['result OK', 'echo AT']);
  });

  test('the raw bytes of a line include its padding and its line end', () => {
    for (const size of [1, 100]) {
      const bytes = bytesOf('\r\n  OK \r\n+CREG: 1\r\n');
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(decodeWith(a7600, chunks).map(({ raw }) => textOf(raw))).toEqual([
        '\r\n  OK \r\n',
        '+CREG: 1\r\n',
      ]);
    }
  });
});

describe('blocks', () => {
  test.each([
    ['+CIPRXGET: 2,0,n,0', MAX_PAYLOAD],
    ['+IPDn', MAX_PAYLOAD],
    ['+RECEIVE,0,n', MAX_PAYLOAD],
    ['+HTTPREAD: n', 1 << 20],
  ])('%s may state exactly the maximum', (header, max) => {
    const whole = `\r\n${header.replace('n', String(max))}\r\n${'z'.repeat(max)}\r\nOK\r\n`;
    const events = summary(decodeWith(a7600, [bytesOf(whole)]));
    expect(events.map((event) => event.slice(0, 9))).toEqual([expect.any(String), 'payload z', 'result OK']);
    expect(events[1]).toHaveLength('payload '.length + max);
    const more = decode(`\r\n${header.replace('n', String(max + 1))}\r\n\r\nOK\r\n`);
    expect(more.map((event) => event.split(' ')[0])).toEqual(['noise', 'result']);
  });

  test('a hexadecimal read states at most half as many bytes', () => {
    const header = `+CIPRXGET: 3,0,${MAX_PAYLOAD / 2},0`;
    expect(decode(`\r\n${header}\r\n${'A'.repeat(MAX_PAYLOAD)}\r\nOK\r\n`)).toEqual([
      `text ${header}`,
      `payload ${'A'.repeat(MAX_PAYLOAD)}`,
      'result OK',
    ]);
    expect(decode(`\r\n+CIPRXGET: 3,0,${MAX_PAYLOAD / 2 + 1},0\r\n`)[0]).toMatch(/^noise/);
  });

  test.each([
    ['+CIPRXGET: 2,0,5', 'text'],
    ['+CIPRXGET: 2,0,,0', 'text'],
    ['+CIPRXGET: 4,0,5,0', 'text'],
    ['+CIPRXGET: 2,0,-5,0', 'text'],
    ['+CCHRECV: 0,5', 'urc'],
    ['+CCHRECV: LEN,5,6', 'urc'],
    ['+HTTPREAD: LEN,5', 'urc'],
    ['+HTTPREAD: 0', 'urc'],
    ['+IPD', 'text'],
  ])('%s announces none', (header, kind) => {
    expect(decode(`\r\n${header}\r\n\r\nOK\r\n`)).toEqual([`${kind} ${header}`, 'result OK']);
  });

  test('each chunk of a block says how much is still to come', () => {
    const bytes = bytesOf('\r\n+IPD5\r\nhello');
    const payloads = decodeWith(a7600, [bytes.subarray(0, 10), bytes.subarray(10, 12), bytes.subarray(12)]);
    expect(
      payloads.flatMap((event) => (event.kind === 'payload' ? [[textOf(event.raw), event.remaining]] : [])),
    ).toEqual([
      ['h', 4],
      ['el', 2],
      ['lo', 0],
    ]);
  });
});

describe('prompts', () => {
  test('a space after the prompt is padding of what follows, or nothing', () => {
    expect(decode('\r\n> ', { prompt: true })).toEqual(['prompt', 'noise  ']);
    expect(decode('\r\n> \r\nOK\r\n', { prompt: true })).toEqual(['prompt', 'result OK']);
  });

  test('a prompt after padding of any kind, and none inside a line', () => {
    for (const padding of ['', '\r\n', '\0', '  ', '\r\n\r\n ']) {
      expect(decode(`${padding}>`, { prompt: true })).toEqual(['prompt']);
    }
    expect(decode('x>\r\n', { prompt: true })).toEqual(['text x>']);
  });

  test('covers its padding and the >, wherever the chunk ends', () => {
    const bytes = bytesOf('\r\n>');
    for (const cut of [0, 1, 2]) {
      const events = decodeWith(a7600, [bytes.subarray(0, cut), bytes.subarray(cut)], { prompt: true });
      expect(events.map(({ kind, raw }) => [kind, textOf(raw)])).toEqual([['prompt', '\r\n>']]);
    }
  });

  test('a prompt that is not awaited any more is text', () => {
    const { decoder, push, seen } = decoding();
    decoder.awaitPrompt(true);
    decoder.awaitPrompt(false);
    push('\r\n>\r\n');
    expect(seen()).toEqual(['text >']);
  });
});

describe('overruns', () => {
  test.each([
    ['one byte', '+IPD6\r\nhello\r', '\n+CREG: 1\r\n'],
    ['a line end', '+IPD7\r\nhello\r\n', '+CREG: 1\r\n'],
    ['the beginning of a line', '+IPD9\r\nhello\r\n+C', 'REG: 1\r\n'],
    ['a line up to a space', '+IPD13\r\nhello\r\n+CREG:', ' 1\r\n'],
    ['the header of the next block', '+IPD14\r\nhello\r\n+IPD3\r', '\nabc\r\n'],
    ['a line up to what begins like a command', '+IPD19\r\nhello\r\n+CGEV: NW RE', 'ATTACH\r\n'],
    ['all but the last byte before an echo', '+IPD18\r\nhello\r\n+CREG: 1\r', '\nAT+CSQ\r\r\n'],
  ])('%s lost inside a block', (_, block, rest) => {
    expect(decode(`\r\n${block}${rest}`).at(-2)).toBe('overrun');
  });

  test('a complete block is none, whatever follows', () => {
    for (const rest of [
      '\r\nOK\r\n',
      '\r\n\r\nOK\r\n',
      'AT\r\r\nOK\r\n',
      'OK\r\n',
      '\0\r\nRDY\r\n',
      '\r\n>',
      '>',
    ]) {
      expect(decode(`\r\n+IPD5\r\nhello${rest}`, { prompt: true })).not.toContain('overrun');
    }
    for (const echoed of ['AT\r\r\nOK\r\n', 'AT\r0\r', 'AT\n']) {
      expect(decode(`\r\n+IPD7\r\nhello\r\n${echoed}`)).not.toContain('overrun');
    }
    expect(decode('\r\n+IPD7\r\nhello\r\n\0\r\nRDY\r\n')).not.toContain('overrun');
  });

  test.each([
    ['of one byte', '1'],
    ['shorter than the header', 'hello'],
    ['longer than the header', 'x'.repeat(500)],
  ])('a block %s whose header came twice begins with that, and the rest of it shows that', (_, payload) => {
    const header = `+CIPRXGET: 2,0,${payload.length},0\r\n`;
    const seen = decode(`\r\n${header}${header}${payload}\r\n\r\nOK\r\n`);
    expect(seen).toContain('overrun');
  });

  test('text whose sign is not before it is the rest of a block', () => {
    expect(decode('\r\n+IPD5\r\nhellox+y\r\n')).toContain('overrun');
  });

  test('the header of a block may follow a block directly, whatever its name is (Q-3b)', () => {
    const data: BlockHeader = { text: 'DATA', match: 'name', length: (line) => line.int(0), max: 9 };
    const dialect: Dialect = { name: '', results: [], urcs: [], blocks: [data] };
    const seen = decode('\r\nDATA: 2\r\nabDATA: 1\r\nc', {}, dialect);
    expect(seen).toEqual(['text DATA: 2', 'payload ab', 'text DATA: 1', 'payload c']);
  });

  test('a name, or text with a sign before it, may follow a block directly (Q-3b)', () => {
    for (const line of ['+HTTPREAD: 0', '*ATREADY: 1', '+CREG: 1']) {
      expect(decode(`\r\n+IPD5\r\nhello${line}\r\n`)).not.toContain('overrun');
    }
  });

  test.each(['\nhello', 'he\nlo', 'he\rlo', '\rhello', 'hello\n\r'])(
    'Q-3b: the next line may follow a block directly, also one with half a line end: %j',
    (payload) => {
      expect(decode(`\r\n+IPD${payload.length}\r\n${payload}OK\r\n`)).toEqual([
        `urc +IPD${payload.length}`,
        `payload ${payload}`,
        'result OK',
      ]);
    },
  );

  test('an empty line that is missing is one only if the module always prints it', () => {
    const read = (payload: string, end: string) =>
      `\r\n+CIPRXGET: 2,0,${payload.length},0\r\n${payload}${end}OK\r\n`;
    const spaced = read('hello', '\r\n\r\n');
    const taken = read('hello\r\n', '\r\n');
    expect(decode(spaced.repeat(3) + taken)).toContain('overrun');
    expect(decode(spaced.repeat(2) + taken)).not.toContain('overrun');
    // Half a line end is none: the block is complete.
    for (const payload of ['hello\n', 'hello\r', 'hello\rx']) {
      expect(decode(spaced.repeat(3) + read(payload, '\r\n'))).not.toContain('overrun');
    }
    expect(decode(read('hello', '\r\n') + spaced.repeat(3) + taken)).not.toContain('overrun');
    expect(decode(spaced.repeat(3) + read('hello', '\r\n') + taken)).not.toContain('overrun');
    expect(decode(spaced.repeat(3) + taken.replace('OK', '+CREG: 1'))).not.toContain('overrun');
  });

  test('only the end of a block counts', () => {
    const payload = `\r\n${'a'.repeat(100)}`;
    expect(decode(`\r\n+IPD${payload.length}\r\n${payload}OK\r\n`)).not.toContain('overrun');
  });

  test('a block that was given up has no end', () => {
    const { decoder, push, seen } = decoding();
    push('\r\n+IPD9\r\nhello\r\n');
    decoder.lineMode();
    push('OK\r\n');
    expect(seen()).toEqual(['urc +IPD9', 'payload hello\r\n', 'result OK']);
  });
});
