import { describe, expect, test } from 'vitest';
import { bytesOf, textOf } from '../../../test/observing.js';
import { Entry, MAX_PAYLOAD } from './entry.js';

/** What an entry makes of chunks: how much it takes of each, its state and its payload. */
function fed(size: ConstructorParameters<typeof Entry>[0], ...chunks: readonly string[]) {
  const entry = new Entry(size);
  const used = chunks.map((chunk) => entry.feed(bytesOf(chunk)));
  return [used, entry.state, textOf(entry.payload())];
}

describe('an entry of a known length', () => {
  test('is complete with its last byte, whatever the bytes are', () => {
    expect(fed(5, 'he')).toEqual([[2], 'open', 'he']);
    expect(fed(5, 'he', '\x1a\x1b', 'oAT')).toEqual([[2, 2, 1], 'complete', 'he\x1a\x1bo']);
  });
});

describe('an entry that Ctrl-Z ends', () => {
  test.each([
    ['until-sub', ['ab', 'c\x1aAT'], [[2, 2], 'complete', 'abc']],
    ['until-sub', ['ab\x1bAT'], [[3], 'cancelled', 'ab']],
    ['until-sub', ['a\x03\x1ab\x03', '\x1b\x03\x03\x1a'], [[5, 4], 'complete', 'a\x1ab\x1b\x03']],
    ['until-sub', ['ab'], [[2], 'open', 'ab']],
    ['until-sub', ['\x1aAT'], [[1], 'complete', '']],
    ['message', ['a\x03\x1a'], [[3], 'complete', 'a\x03']],
    ['message', ['a\x1b'], [[2], 'cancelled', 'a']],
  ] as const)('%s: %j', (size, chunks, expected) => {
    expect(fed(size, ...chunks)).toEqual(expected);
  });

  test('drops what is beyond its longest payload', () => {
    const [used, state, payload] = fed('until-sub', 'x'.repeat(MAX_PAYLOAD + 1), 'y\x1a');
    expect([used, state, payload]).toEqual([[MAX_PAYLOAD + 1, 2], 'complete', 'x'.repeat(MAX_PAYLOAD)]);
    expect(fed('message', `${'x'.repeat(5_000)}\x1a`)[2]).toHaveLength(4_096);
  });
});
