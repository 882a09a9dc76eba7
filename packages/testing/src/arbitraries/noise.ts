import fc from 'fast-check';
import { bytesOf, joined } from './bytes.js';
import { protocolWord } from './payload.js';

/**
 * Bytes that make no sense: fragments of the protocol, line noise, fillers, and runs of one byte
 * that are longer than any line. No complete counted header is among them, which would rightly
 * take what follows as its payload.
 *
 * @returns An arbitrary of bytes.
 */
export function noise(): fc.Arbitrary<Uint8Array> {
  const run = fc
    .tuple(
      fc.constantFrom('\0', '\r', '\n', ' ', '>', '\xff', 'y', 'AT', '\r\n'),
      fc.integer({ min: 1, max: 5_000 }),
    )
    .map(([text, count]) => bytesOf(text.repeat(count)));
  const fragment = fc
    .tuple(
      fc.oneof(protocolWord(), fc.constantFrom('K', 'D: DATA,142', '+IP ERROR: Network is already')),
      fc.nat(12),
    )
    .map(([text, kept]) => bytesOf(text.slice(0, kept)));
  return fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fragment },
        { weight: 4, arbitrary: fc.uint8Array({ maxLength: 20 }) },
        run,
      ),
      {
        maxLength: 6,
      },
    )
    .map(joined)
    .filter((bytes) => !HEADER.test(String.fromCharCode(...bytes.subarray(0, 40_000))));
}

/** What announces a block; its fragments are noise, it is not. */
const HEADER = /\+(IPD|RECEIVE|CIPRXGET|CCHRECV|CHTTPSRECV|HTTPREAD|HTTPHEAD|CMQTTRX)/;

/** One byte that did not make it. */
export interface Damage {
  /** What happens to the byte. */
  readonly kind: 'drop' | 'double' | 'flip';
  /** Which byte; it fits input of any length. */
  readonly at: number;
  /** The bits to flip, 1 to 255. */
  readonly mask: number;
}

/**
 * A byte lost, doubled or changed on the way. Give it to {@link damaged}.
 *
 * @returns An arbitrary of damages.
 */
export function damage(): fc.Arbitrary<Damage> {
  return fc.record({
    kind: fc.constantFrom('drop', 'double', 'flip'),
    at: fc.nat(),
    mask: fc.integer({ min: 1, max: 255 }),
  });
}

/**
 * A copy of `bytes` with the damage done; empty input has none.
 *
 * @param bytes What was sent.
 * @param options The damage.
 * @returns What arrives.
 */
export function damaged(bytes: Uint8Array, { kind, at, mask }: Damage): Uint8Array {
  if (bytes.length === 0) return bytes;
  const index = at % bytes.length;
  const byte = bytes[index] as number;
  const middle = { drop: [], double: [byte, byte], flip: [byte ^ mask] }[kind];
  return joined([bytes.subarray(0, index), Uint8Array.from(middle), bytes.subarray(index + 1)]);
}
