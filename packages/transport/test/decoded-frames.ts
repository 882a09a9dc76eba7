import type { Frame } from '../src/cmux/frame.js';
import type { FrameDecoder } from '../src/cmux/frame-decoder.js';

/** What a decoder of either option makes of `bytes`, cut at `cuts`. */
export function decodedFrames(
  makeDecoder: (maxPayload: () => number, onFrame: (frame: Frame) => void) => FrameDecoder,
  bytes: Uint8Array,
  maxPayload: number,
  cuts: readonly number[],
) {
  const frames: Frame[] = [];
  const decoder = makeDecoder(
    () => maxPayload,
    (read) => frames.push(read),
  );
  let from = 0;
  for (const to of [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    decoder.push(bytes.slice(from, to));
    from = to;
  }
  return { frames, decoder };
}
