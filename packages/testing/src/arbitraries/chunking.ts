import fc from 'fast-check';

/**
 * Ways to cut bytes into chunks: all at once, byte by byte, or at random places. Give it to
 * {@link chunksOf}; it fits input of any length.
 *
 * @returns An arbitrary of lists of sizes.
 */
export function chunking(): fc.Arbitrary<readonly number[]> {
  return fc.oneof(
    fc.constant([]),
    fc.constant([1]),
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }),
  );
}

/**
 * Cuts `bytes` into chunks of these sizes, over and over; no sizes leave it whole.
 *
 * @param bytes What is cut.
 * @param sizes Bytes of each chunk, from 1 on.
 * @returns Views of `bytes`, in order.
 */
export function chunksOf(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  if (sizes.length === 0) return [bytes];
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] as number;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
