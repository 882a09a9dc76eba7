import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { notNamedByTests } from '../../../tools/named-by-tests.js';

const protocol = readFileSync(join(import.meta.dirname, '../../../docs/protocol.md'), 'utf8');

/** Quirks that concern what a host does, not how bytes are decoded. */
const FOR_HOSTS: Readonly<Record<string, string>> = {
  'Q-31': 'asks NETOPEN? before it closes the network: tcpip',
  'Q-36': 'one reader, one queue: tcpip',
};

test('every quirk of the protocol reference is named by a test, or does not concern decoding', () => {
  const quirks = namesIn(/^\| (Q-\d+[a-z]?) \|/gm);
  expect(quirks).toHaveLength(53);
  expect(notNamedByTests(import.meta.dirname, quirks)).toEqual(Object.keys(FOR_HOSTS));
});

test('every field note is named by a test, except those about time, which the decoder does not have', () => {
  const notes = namesIn(/^(?:\* |\| )?(10\.\d+\.\d+)[ .]/gm);
  const timeless = notes.filter((note) => !note.startsWith('10.7.'));
  expect(timeless).toHaveLength(72);
  expect(notNamedByTests(import.meta.dirname, timeless)).toEqual([]);
});

/** What the first group of a pattern finds in the protocol reference, in order. */
function namesIn(pattern: RegExp): string[] {
  return [...protocol.matchAll(pattern)].map(([, name = '']) => name);
}
