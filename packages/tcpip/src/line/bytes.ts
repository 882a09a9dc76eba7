import { joinChunks } from '@a7600/at-codec';

/** A copy of the last `count` bytes of `a` followed by `b`; not by `slice`, which copies nothing of a `Buffer`. */
export function tailOf(a: Uint8Array, b: Uint8Array, count: number): Uint8Array {
  const last = b.length >= count ? b : joinChunks([a, b]);
  return new Uint8Array(last.subarray(-count));
}
