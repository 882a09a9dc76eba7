import { joinPieces, SPACE } from './bytes.js';

const BLANK = /* @__PURE__ */ Uint8Array.of(SPACE);

/**
 * A payload that the module is expected to send back, and how much of it has come. Nothing has to
 * be kept for that: what has come is the payload's own beginning.
 */
export class ExpectedEcho {
  private readonly payload: Uint8Array;
  private begun = false;
  private blank = false;
  private matched = 0;

  constructor(payload: Uint8Array) {
    this.payload = payload;
  }

  /** Whether all of it has come. */
  get complete(): boolean {
    return this.matched === this.payload.length;
  }

  /** Takes bytes of `chunk` as long as they are the payload's; returns how far it came. */
  compare(chunk: Uint8Array, start: number): number {
    const { payload } = this;
    let at = start;
    if (!this.begun) {
      this.begun = true;
      // The prompt may have a blank behind it.
      this.blank = chunk[at] === SPACE && payload[0] !== SPACE;
      if (this.blank) at += 1;
    }
    let { matched } = this;
    while (at < chunk.length && matched < payload.length && chunk[at] === payload[matched]) {
      at += 1;
      matched += 1;
    }
    this.matched = matched;
    return at;
  }

  /** A copy of the bytes that have come, after which it begins anew. */
  take(): Uint8Array {
    const come = this.payload.subarray(0, this.matched);
    const taken = this.blank ? joinPieces([BLANK, come]) : come.slice();
    this.begun = false;
    this.blank = false;
    this.matched = 0;
    return taken;
  }
}
