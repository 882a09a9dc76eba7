import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/decode.js';
import type { Dialect } from './dialect.js';
import type { BlockHeader, PrefixMatch, ResultCode, Urc } from './line.js';
import { prefixTable } from './prefixes.js';

const urc = (text: string, match: PrefixMatch, more: Partial<Urc<unknown>> = {}): Urc<unknown> => ({
  text,
  match,
  section: '',
  read: () => undefined,
  ...more,
});
const result = (text: string, match: PrefixMatch): ResultCode => ({ text, match, ok: true });
const block = (text: string, match: PrefixMatch): BlockHeader => ({ text, match, length: () => 1, max: 9 });

/** Finds the prefix of a text in the table of a dialect that no test has used before. */
function find(parts: Partial<Dialect>, text: string, start = 0, limit = text.length) {
  const table = prefixTable({ name: '', results: [], urcs: [], blocks: [], ...parts });
  const found = table.find(bytesOf(text), start, limit);
  return { found, stop: table.stop };
}
const textFound = (parts: Partial<Dialect>, text: string) => find(parts, text).found?.text;

describe('the byte after a prefix', () => {
  /** Every byte that may continue a name, and the ones beside these ranges. */
  const continuing = [...'0159AFMZafmz_'];
  const others = [...'/:@[`{^,(" -+*#\r\n\0~'];
  const padding = ['\r', '\n', ' ', '\0'];

  test.each(continuing)('%j continues a name and a line', (byte) => {
    expect(textFound({ urcs: [urc('+AB', 'name')] }, `+AB${byte}`)).toBeUndefined();
    expect(textFound({ urcs: [urc('+AB', 'line')] }, `+AB${byte}`)).toBeUndefined();
    expect(textFound({ urcs: [urc('+AB', 'prefix')] }, `+AB${byte}`)).toBe('+AB');
  });

  test.each(others)('%j ends a name, and a line if it is padding', (byte) => {
    expect(textFound({ urcs: [urc('+AB', 'name')] }, `+AB${byte}`)).toBe('+AB');
    expect(textFound({ urcs: [urc('+AB', 'line')] }, `+AB${byte}`)).toBe(
      padding.includes(byte) ? '+AB' : undefined,
    );
    expect(textFound({ urcs: [urc('+AB', 'prefix')] }, `+AB${byte}`)).toBe('+AB');
  });

  test('bytes beyond ASCII are in no prefix', () => {
    for (const byte of ['\x7f', '\x80', '\x81', '\xff']) {
      expect(textFound({ urcs: [urc('+A', 'prefix')] }, `${byte}+A`)).toBeUndefined();
      expect(textFound({ urcs: [urc('+A', 'prefix'), urc('A', 'prefix')] }, `${byte}A`)).toBeUndefined();
      expect(textFound({ urcs: [urc('+A', 'prefix')] }, `+${byte}`)).toBeUndefined();
    }
    // `B` with its eighth bit set, where the table would read the `B` of the state after `+A`.
    expect(textFound({ urcs: [urc('+AB', 'prefix'), urc('+AC', 'prefix')] }, '+\xc2')).toBeUndefined();
  });

  test('at the limit counts as a line end', () => {
    expect(find({ urcs: [urc('+AB', 'line')] }, '+ABC', 0, 3).found?.text).toBe('+AB');
    expect(find({ urcs: [urc('+ABC', 'prefix')] }, '+ABC', 0, 3).found).toBeUndefined();
    const urcs = [urc('+A', 'prefix'), urc('+AB', 'prefix'), urc('+ABC', 'prefix')];
    for (const limit of [2, 3]) {
      const { found, stop } = find({ urcs }, '+ABC', 0, limit);
      expect([found?.text.length, stop]).toEqual([limit, limit]);
    }
  });
});

test('a prefix of any length is found', () => {
  for (let length = 1; length <= 40; length++) {
    const text = 'X'.repeat(length);
    expect(textFound({ urcs: [urc(text, 'line')] }, `${text}\r\n`)).toBe(text);
  }
});

describe('of several prefixes', () => {
  test('the longest that fits is found, from the start of the text', () => {
    const urcs = [urc('+C', 'prefix'), urc('+CREG', 'name'), urc('+CREGX', 'line')];
    expect(textFound({ urcs }, '+CREG: 1')).toBe('+CREG');
    expect(textFound({ urcs }, '+CREGX')).toBe('+CREGX');
    expect(textFound({ urcs }, '+CREGXY')).toBe('+C');
    expect(textFound({ urcs }, '+CRE')).toBe('+C');
    expect(find({ urcs }, 'xx+CREG', 2).found?.text).toBe('+CREG');
    expect(textFound({ urcs }, 'x+CREG')).toBeUndefined();
  });

  test('with one text, the last whose match fits the next byte is found', () => {
    const urcs = [urc('+AB', 'prefix'), urc('+AB', 'name'), urc('+AB', 'line')];
    expect(find({ urcs }, '+ABC').found?.match).toBe('prefix');
    expect(find({ urcs }, '+AB:').found?.match).toBe('name');
    expect(find({ urcs }, '+AB\r').found?.match).toBe('line');
  });

  test('the search stops where no prefix goes on', () => {
    const urcs = [urc('+AB', 'prefix'), urc('+ABCD', 'prefix'), urc('XB', 'prefix')];
    expect(find({ urcs }, '+ABxxxx').stop).toBe(3);
    expect(find({ urcs }, '+ABCDxx').stop).toBe(5);
    expect(find({ urcs }, 'zzz').stop).toBe(0);
    expect(find({ urcs }, '+ABC', 0, 4).stop).toBe(4);
    expect(find({ urcs: [urc('OK', 'line')] }, 'OK\rAT').stop).toBe(2);
  });
});

describe('what a prefix says', () => {
  test('a result wins over a URC of the same text', () => {
    const parts = { results: [result('OK', 'line')], urcs: [urc('OK', 'line')] };
    expect(find(parts, 'OK').found).toMatchObject({ kind: 'result', urc: undefined, choice: [] });
    expect(find(parts, 'OK').found?.result).toBe(parts.results[0]);
  });

  test('the last of two results, or of two headers, counts', () => {
    const results = [result('OK', 'line'), result('OK', 'line')];
    expect(find({ results }, 'OK').found?.result).toBe(results[1]);
    const blocks = [block('+D', 'name'), block('+D', 'name'), block('+E', 'name')];
    const { found } = find({ blocks }, '+D: 1');
    expect(found?.block).toBe(blocks[1]);
    expect(found).toMatchObject({ kind: 'text', result: undefined, urc: undefined, choice: [] });
  });

  test('a URC that accepts every line is decided by the prefix', () => {
    const urcs = [urc('+A', 'name'), urc('+B', 'name', { accepts: () => true })];
    expect(find({ urcs }, '+A').found).toMatchObject({ kind: 'urc', urc: urcs[0], choice: [] });
  });

  test('URCs that look at the line are a choice, in order, of those with that text and match only', () => {
    const urcs = [
      urc('+A', 'prefix'),
      urc('+A', 'name', { accepts: () => false }),
      urc('+B', 'name'),
      urc('+A', 'name'),
    ];
    const { found } = find({ urcs }, '+A: 1');
    expect(found).toMatchObject({ kind: 'text', urc: undefined });
    expect(found?.choice.map((prefix) => prefix.urc)).toEqual([urcs[1], urcs[3]]);
  });

  test('a text that is not printable ASCII is refused by name', () => {
    expect(() => find({ urcs: [urc('+Ä', 'name')] }, '')).toThrow('"+Ä" is not printable ASCII');
    expect(() => find({ urcs: [urc('a\r', 'name')] }, '')).toThrow(RangeError);
  });

  test('the table of a dialect is built once', () => {
    const dialect: Dialect = { name: '', results: [], urcs: [urc('+A', 'name')], blocks: [] };
    expect(prefixTable(dialect)).toBe(prefixTable(dialect));
  });
});
