import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Property, property } from '../../../../tools/properties.js';
import { a7600 } from '../../src/a7600.js';
import { createDecoder } from '../../src/decoder/decoder.js';
import type { Dialect } from '../../src/decoder/dialect.js';
import type { AtEvent } from '../../src/decoder/events.js';
import { numbers } from '../../src/urc.js';
import { bytesOf, textOf } from '../decode.js';

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const known = [...a7600.urcs, ...a7600.results, ...a7600.blocks].map(({ text }) => text);
/** Names of a dialect, beginnings of them, longer ones, and others. */
const name = fc.oneof(
  { weight: 3, arbitrary: some('+CSQ', '+N', '+CREG', '+CIPRXGET', '+CIPOPEN') },
  { weight: 3, arbitrary: some(...known) },
  some('+CGDCONT', '*ISIMAID', 'Manufacturer', 'AT+CSQ', '', 'SIXTEEN BYTES ..', 'SIXTEEN BYTES ...'),
  fc.tuple(some(...known), some('X', '1', ' ', '_', '-')).map(([text, more]) => text + more),
  some(...known).map((text) => text.slice(0, -1)),
);
const parameter = fc.oneof(
  { weight: 12, arbitrary: fc.nat(1_500).map(String) },
  { weight: 2, arbitrary: fc.constant('') },
  some('-1', ' 7', '7 ', '"a,1"', '"', ':', '1:', '1)', '.', 'x', '\t', '\0', 'é', '\x0e'),
);
const text = fc
  .tuple(
    name,
    some(': ', ': ', ': ', ': ', ':', ':  ', ' ', ',', ''),
    fc.array(parameter, { maxLength: 9 }),
    some('', '', '', '', '', '', ' ', 'x'.repeat(55)),
  )
  .map(([first, separator, parameters, more]) => first + separator + parameters.join(',') + more);
const line = fc.oneof(
  { weight: 12, arbitrary: text.map((usual) => `\r\n${usual}\r\n`) },
  { weight: 2, arbitrary: some('\r\n>', '\r\n> ', '>\r\n') },
  fc
    .tuple(
      some('\r\n', '', '\r\n\r\n', ' ', '\n', '\0'),
      text,
      some('\r\n', '\n', '\r', '\r\r\n', ' \r\n', ''),
    )
    .map((parts) => parts.join('')),
);

/** A URC of each number of integers, of two kinds each. */
const COUNTS: Dialect = {
  ...a7600,
  urcs: [
    ...a7600.urcs,
    ...['+CSQ', '+N'].flatMap((of) =>
      [0, 1, 3, 4, 5, 6, 7, 8].map((count) => numbers(of, '', ...keys(count))),
    ),
  ],
};
function keys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${index}`);
}

/** All that an event says. */
function said(event: AtEvent): string {
  const bytes = textOf(event.raw);
  if (!('text' in event)) return `${event.kind} ${bytes}`;
  const which = COUNTS.urcs.indexOf(event.urc as (typeof COUNTS.urcs)[number]);
  const { kind, fields, integerCount, result, block } = event;
  return [
    kind,
    bytes,
    event.text,
    event.name,
    ...fields,
    integerCount,
    which,
    result?.text,
    block?.text,
  ].join('|');
}

interface Told {
  readonly limit: number;
  /** After which line a prompt is awaited. */
  readonly prompt: number;
  /** After which line another decoder of the same dialect gets lines. */
  readonly other: number;
}

function decode(chunks: readonly Uint8Array[], { limit, prompt, other }: Told): string[] {
  const heard: string[] = [];
  let lines = 0;
  const another = createDecoder(COUNTS, () => {});
  const decoder = createDecoder(
    COUNTS,
    (event) => {
      heard.push(said(event));
      if (!('text' in event)) return;
      lines += 1;
      if (lines === prompt) decoder.awaitPrompt(true);
      if (lines === other) another.push(bytesOf('\r\nRDY\r\n'.repeat(60)));
    },
    { line: limit },
  );
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return heard;
}

export const lineIndexProperties: readonly Property[] = [
  property(
    'lines that are found ahead are those that are found one by one',
    fc.record({
      lines: fc.array(line, { minLength: 20, maxLength: 60, size: 'max' }),
      told: fc.record({ limit: some(4096, 65, 64, 30), prompt: fc.nat(30), other: fc.nat(30) }),
      size: some(300, 2_100, 100_000),
    }),
    ({ lines, told, size }) => {
      const bytes = bytesOf(lines.join(''));
      const few = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.slice(at * size, (at + 1) * size),
      );
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      assert.deepEqual(joined(decode(few, told)), joined(decode(single, told)));
    },
  ),
];

/** Noise and payload are reported as they come. */
function joined(events: readonly string[]): string[] {
  const all: string[] = [];
  for (const event of events) {
    const [kind = ''] = /^(noise|payload) /.exec(event) ?? [];
    const goesOn = kind !== '' && all.at(-1)?.startsWith(kind) === true;
    all.push(goesOn ? all.pop() + event.slice(kind.length) : event);
  }
  return all;
}
