import { joinChunks } from '@a7600/at-codec';

/** A copy of the last `count` bytes of `a` followed by `b`. */
export function tailOf(a: Uint8Array, b: Uint8Array, count: number): Uint8Array {
  return b.length >= count ? b.slice(b.length - count) : joinChunks([a, b]).slice(-count);
}
