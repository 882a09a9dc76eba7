import { describe, expect, onTestFinished, test } from 'vitest';
import { bytesOf, decodeWith, summary } from '../../test/decode.js';
import { a7600 } from '../a7600.js';
import { numbers } from '../urc.js';
import { createDecoder } from './decoder.js';
import type { Dialect } from './dialect.js';
import { type LineIndex, lineIndex } from './line-index.js';
import { prefixTable } from './prefixes.js';

const LINES = '\r\n+CSQ: 23,0\r\n\r\nOK\r\n\r\n+CGDCONT: 1,"IP","x"\r\nRDY\r\n';

/** A dialect that no test has used before. */
const dialect = (parts: Partial<Dialect> = {}): Dialect => ({ ...a7600, ...parts });

const indexOf = (of: Dialect): LineIndex => {
  const index = lineIndex(prefixTable(of));
  if (index === null) throw new Error('This platform has no WebAssembly.');
  return index;
};

/** What the index finds in a chunk from `start` on: the text of each line, and the URC that its key stands for. */
function found(of: Dialect, chunk: string, start = 0) {
  const index = indexOf(of);
  const count = index.find(bytesOf(chunk), start);
  let frame = start;
  return Array.from({ length: count }, (_, at) => {
    const [end = 0, key = 0] = index.lines.subarray(2 * at);
    const text = chunk.slice(frame + 2 * (key & 1), end);
    frame = end + 2;
    return [text, index.prefixes[key >> 1]?.text];
  });
}

describe('the index', () => {
  test('is asked for a chunk that may have several lines in it, and not for a smaller one', () => {
    const own = dialect();
    const index = indexOf(own);
    const decoded = (chunk: string) => {
      const before = index.asked;
      return [decodeWith(own, [bytesOf(chunk)]).length, index.asked - before];
    };
    expect(decoded(LINES.repeat(5))).toEqual([20, 0]);
    expect(decoded(LINES.repeat(6))).toEqual([24, 1]);
    expect(decoded(LINES.repeat(40))).toEqual([160, 1]);
  });

  test.each(['before the chunk', 'in the midst of it'])(
    'gives way to a prompt that is awaited %s',
    (when) => {
      const kinds: string[] = [];
      const decoder = createDecoder(dialect(), ({ kind }) => {
        kinds.push(kind);
        if (kinds.length === 3) decoder.awaitPrompt(true);
      });
      decoder.awaitPrompt(when === 'before the chunk');
      decoder.push(bytesOf(`${LINES.repeat(2)}\r\n>${LINES.repeat(6)}`));
      expect(kinds.indexOf('prompt')).toBe(8);
      expect(kinds).toHaveLength(33);
    },
  );

  test('is not asked again in a chunk whose lines have another form, nor after a block', () => {
    const own = dialect();
    const index = indexOf(own);
    decodeWith(own, [bytesOf('+CSQ: 23,0\n'.repeat(100))]);
    expect(index.asked).toBe(1);
    decodeWith(own, [bytesOf(`\r\n+IPD5\r\nhello${LINES.repeat(20)}`)]);
    expect(index.asked).toBe(2);
  });

  test('finds lines, and what their names are', () => {
    expect(found(dialect(), LINES)).toEqual([
      ['+CSQ: 23,0', '+CSQ'],
      ['OK', 'OK'],
      ['+CGDCONT: 1,"IP","x"', undefined],
      ['RDY', 'RDY'],
    ]);
  });

  test('begins where it is told, and counts from the start of the chunk', () => {
    expect(found(dialect(), `abc\r\n${LINES}`, 5)).toHaveLength(4);
    const far = `${LINES.repeat(50)}abc\r\n`;
    expect(found(dialect(), far + LINES, far.length).at(-1)).toEqual(['RDY', 'RDY']);
  });

  test.each([
    ['a line that is not complete', '\r\n+CSQ: 23,0'],
    ['a line whose line feed has not come', '\r\n+CSQ: 23,0\r'],
    ['a line feed alone', '\r\n+CSQ: 23,0\n'],
    ['a carriage return alone', '\r\n+CSQ: 23,0\rA'],
    ['an empty line', '\r\n\r\n'],
    ['a space before the text', '\r\n +CSQ: 23,0\r\n'],
    ['a space after the text', '\r\n+CSQ: 23,0 \r\n'],
    ['a NUL', '\r\n+CSQ: 23\x000\r\n'],
    ['a tabulator', '\r\n+CSQ: 23\t0\r\n'],
    ['a text of 64 bytes', `\r\n${'x'.repeat(64)}\r\n`],
  ])('stops at %s', (_, last) => {
    expect(found(dialect(), `\r\nOK\r\n${last}`)).toEqual([['OK', 'OK']]);
  });

  test('finds a text of 63 bytes and one of a byte', () => {
    expect(found(dialect(), `\r\n${'x'.repeat(63)}\r\ny\r\n`)).toEqual([
      ['x'.repeat(63), undefined],
      ['y', undefined],
    ]);
  });

  test('knows names of up to 16 bytes, but none that goes on after a colon', () => {
    const urcs = ['0123456789ABCDEF', '0123456789ABCDEFG', '+A', '+A: B'].map((text) => ({
      ...numbers(text, ''),
      match: 'prefix' as const,
    }));
    const names = ['0123456789ABCDEF', '0123456789ABCDEFG', '+A', '+A: B'];
    expect(
      found(dialect({ urcs }), names.flatMap((text) => [`${text}\r\n`, `${text}: 1\r\n`]).join('')),
    ).toEqual([
      ['0123456789ABCDEF', '0123456789ABCDEF'],
      ['0123456789ABCDEF: 1', '0123456789ABCDEF'],
      ['0123456789ABCDEFG', undefined],
      ['0123456789ABCDEFG: 1', undefined],
      ['+A', '+A'],
      ['+A: 1', undefined],
      ['+A: B', undefined],
      ['+A: B: 1', undefined],
    ]);
  });

  test('tells URCs of one name apart by their integers, where these decide it', () => {
    const one = numbers('+A', '', 'one');
    const two = numbers('+A', '', 'one', 'two');
    const own = dialect({ urcs: [one, two, { ...numbers('+B', ''), accepts: () => true }] });
    const index = indexOf(own);
    const count = index.find(bytesOf('\r\n+A: 1\r\n\r\n+A: 1,2\r\n\r\n+A: 1,2,3\r\n\r\n+B: 1\r\n'), 0);
    const prefixes = Array.from(
      { length: count },
      (_, at) => index.prefixes[(index.lines[2 * at + 1] ?? 0) >> 1],
    );
    expect(prefixes.map((prefix) => prefix?.urc)).toEqual([one, two, undefined, undefined]);
    expect(prefixes.map((prefix) => prefix?.choice.length)).toEqual([0, 0, 0, 1]);
  });

  test('does not count the integers of a name that begins with another one', () => {
    const urcs = [
      { ...numbers('+A', '', 'n'), match: 'prefix' as const },
      { ...numbers('+AB', ''), match: 'line' as const },
    ];
    const chunk = bytesOf('\r\n+AB: 7\r\n'.repeat(30));
    expect(new Set(summary(decodeWith(dialect({ urcs }), [chunk])))).toEqual(new Set(['text +AB: 7']));
  });

  test('leaves names to the table when there are more than it has numbers for', () => {
    const names = Array.from({ length: 2_100 }, (_, at) => `+N${at}`);
    const many = dialect({ urcs: names.map((text) => ({ ...numbers(text, ''), match: 'name' as const })) });
    const chunk = names.map((text) => `\r\n${text}: 1\r\n`).join('');
    const known = found(many, chunk).filter(([, text]) => text !== undefined);
    expect(known.length).toBeGreaterThan(100);
    expect(known.every(([line, text]) => line === `${text}: 1`)).toBe(true);
    expect(summary(decodeWith(many, [bytesOf(chunk)]))).toEqual(names.map((text) => `text ${text}: 1`));
  });
});

test.each([
  ['has no WebAssembly', undefined],
  [
    'forbids it',
    {
      Module: class {
        constructor() {
          throw new EvalError('Refused to compile or instantiate a WebAssembly module');
        }
      },
    },
  ],
])('a platform that %s decodes as others do', (_, WebAssembly) => {
  const chunk = bytesOf(LINES.repeat(20));
  const expected = summary(decodeWith(dialect(), [chunk]));
  const usual: unknown = Reflect.get(globalThis, 'WebAssembly');
  onTestFinished(() => void Object.assign(globalThis, { WebAssembly: usual }));
  Object.assign(globalThis, { WebAssembly });
  const own = dialect();
  expect(summary(decodeWith(own, [chunk]))).toEqual(expected);
  expect(lineIndex(prefixTable(own))).toBeNull();
});
