import { joinBytes } from '../at/printer.js';
import type { Faults } from './faults.js';
import type { FaultKind } from './kinds.js';

/** What happens to bytes on their way in one direction. */
export type Noise = (bytes: Uint8Array) => Uint8Array;

/** Noise on the way to the host, or to the module. */
export function noise(faults: Faults, way: 'to-host' | 'to-module'): Noise {
  const [dropped, doubled, flipped] =
    way === 'to-host'
      ? (['droppedByte', 'doubledByte', 'flippedBit'] as const)
      : (['droppedInput', 'doubledInput', 'flippedInput'] as const);
  return (bytes) => {
    const shorter = fire(faults, dropped, bytes, () => new Uint8Array());
    const longer = fire(faults, doubled, shorter, (byte) => Uint8Array.of(byte, byte));
    return fire(faults, flipped, longer, (byte) => Uint8Array.of(byte ^ (1 << faults.choose(0, 7))));
  };
}

/** Replaces the bytes at which the fault fires; the same array where there are none. */
function fire(
  faults: Faults,
  kind: FaultKind,
  bytes: Uint8Array,
  replace: (byte: number) => Uint8Array,
): Uint8Array {
  let first = faults.firstOf(kind, bytes.length);
  if (first === undefined) return bytes;
  const parts: Uint8Array[] = [];
  let at = 0;
  while (first !== undefined) {
    const fired = at + first;
    parts.push(bytes.subarray(at, fired), replace(bytes[fired] as number));
    at = fired + 1;
    first = faults.firstOf(kind, bytes.length - at);
  }
  return joinBytes([...parts, bytes.subarray(at)]);
}
