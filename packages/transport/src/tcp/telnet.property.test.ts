import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escaped, IAC, negotiation, subnegotiation, TelnetParser, WILL } from './telnet.js';

interface Seen {
  data: number[];
  commands: string[];
}

function parse(chunks: readonly Uint8Array[]): Seen {
  const seen: Seen = { data: [], commands: [] };
  const parser = new TelnetParser({
    data: (bytes) => seen.data.push(...bytes),
    negotiation: (verb, option) => seen.commands.push(`${verb} ${option} @${seen.data.length}`),
    subnegotiation: (option, bytes) => seen.commands.push(`sub ${option} ${bytes} @${seen.data.length}`),
  });
  for (const chunk of chunks) parser.push(chunk);
  return seen;
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

const manyEscapes = fc
  .uint8Array({ maxLength: 200 })
  .map((bytes) => bytes.map((byte) => (byte > 200 ? IAC : byte)));
const size = fc.integer({ min: 1, max: 20 });

const unit = fc.oneof(
  manyEscapes.map((bytes) => ({ wire: escaped(bytes), data: [...bytes], command: '' })),
  fc.tuple(fc.integer({ min: WILL, max: 254 }), fc.nat(255)).map(([verb, option]) => ({
    wire: negotiation(verb, option),
    data: [],
    command: `${verb} ${option}`,
  })),
  fc.tuple(fc.nat(254), fc.uint8Array({ maxLength: 30 })).map(([option, bytes]) => ({
    wire: subnegotiation(option, bytes),
    data: [],
    command: `sub ${option} ${bytes}`,
  })),
);

describe('the escape layer', () => {
  test('data survives the trip, whatever is in it and however it is cut', () => {
    fc.assert(
      fc.property(manyEscapes, size, (bytes, chunk) => {
        expect(parse(cut(escaped(bytes), chunk))).toEqual({ data: [...bytes], commands: [] });
      }),
    );
  });

  test('data, negotiations and subnegotiations are told apart, in order, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 20 }), size, (units, chunk) => {
        const wire = Uint8Array.from(units.flatMap((one) => [...one.wire]));
        const seen = parse(cut(wire, chunk));
        expect(seen.data).toEqual(units.flatMap((one) => one.data));
        let at = 0;
        const commands = units.flatMap((one) => {
          at += one.data.length;
          return one.command === '' ? [] : [`${one.command} @${at}`];
        });
        expect(seen.commands).toEqual(commands);
      }),
    );
  });

  test('anything at all is accepted without a throw, the same however it is cut', () => {
    fc.assert(
      fc.property(manyEscapes, size, (bytes, chunk) => {
        expect(parse(cut(bytes, chunk))).toEqual(parse([bytes]));
      }),
    );
  });

  test('a subnegotiation without an end is not kept', () => {
    const endless = Uint8Array.of(IAC, 250, 44, ...new Uint8Array(100_000).fill(7), IAC, 240, 65);
    expect(parse(cut(endless, 1_000))).toEqual({ data: [65], commands: [] });
  });

  test('data without an escape is handed on as it is', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(escaped(bytes)).toBe(bytes);
  });
});
