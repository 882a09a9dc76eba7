import { directPair, type PairEnd } from './direct-pair.js';
import { type PairShape, shapedPair } from './shaped-pair.js';

/**
 * Two links in memory, each the other's far end.
 *
 * A write is accepted when the other end delivers it, so a reader that pauses holds the writer back
 * and nothing is stored in between. The reader gets a copy, as it would from a wire. Everything
 * happens synchronously, without a scheduler; a write made while bytes are being delivered is
 * queued after them.
 *
 * With a shape, the way between the two takes time and cuts: a write is accepted when the way has
 * room, 64 KiB in each direction, and arrives later.
 *
 * @param shape latency, bandwidth and chunk sizes; without it, everything happens at once
 * @returns the two ends
 */
export function linkPair(shape?: PairShape): [PairEnd, PairEnd] {
  return shape === undefined ? directPair() : shapedPair(shape);
}
