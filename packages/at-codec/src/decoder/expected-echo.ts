import { joinChunks, SPACE } from './bytes.js';

const ONE_SPACE = /* @__PURE__ */ Uint8Array.of(SPACE);

/**
 * A payload that the module is expected to send back, and how much of it has arrived. What has
 * arrived is a prefix of the payload, so no copy is kept.
 */
export class ExpectedEcho {
  private readonly payload: Uint8Array;
  /** How much of it has arrived. */
  matched = 0;
  private begun = false;
  private space = false;

  constructor(payload: Uint8Array) {
    this.payload = payload;
  }

  /** Whether all of it has arrived. */
  get complete(): boolean {
    return this.matched === this.payload.length;
  }

  /** Consumes the bytes of `chunk` that match the payload; returns the index of the first other one. */
  compare(chunk: Uint8Array, start: number): number {
    const { payload } = this;
    let at = start;
    if (!this.begun) {
      this.begun = true;
      // A space may follow the prompt.
      this.space = chunk[at] === SPACE && payload[0] !== SPACE;
      if (this.space) at += 1;
    }
    let { matched } = this;
    // Past the end of the chunk there is no byte, which is not that of the payload.
    while (matched < payload.length && chunk[at] === payload[matched]) {
      at += 1;
      matched += 1;
    }
    this.matched = matched;
    return at;
  }

  /** Removes and returns a copy of the bytes that have matched, and starts over. */
  take(): Uint8Array {
    const arrived = this.payload.subarray(0, this.matched);
    const taken = this.space ? joinChunks([ONE_SPACE, arrived]) : arrived.slice();
    this.begun = false;
    this.space = false;
    this.matched = 0;
    return taken;
  }
}
