import { type SchedulerLike, Subscription } from 'rxjs';
import type { Endpoint } from '../links/link-handler.js';

/** As many bytes at the end of a block may belong to the frame after it: the decoder compares no more. */
const TAIL = 80;
/** Time in ms in which more of such a frame would follow, and how often that is waited for while it is not complete. */
const REST_TIME = 100;
const WAITS = 1_200;
const CR = 0x0d;
const LF = 0x0a;

/** Takes a chunk of a block; `remaining` bytes of it are still to come. */
export type TakePushed = (chunk: Uint8Array, remaining: number, from: Endpoint | undefined) => void;

/**
 * Holds back the end of a pushed block where it may be something that the module did not mean as payload.
 *
 * A block that lost bytes on the line takes as many from what the module prints next, which begins with CR
 * LF. So bytes from a CR LF near the end on wait until the decoder has seen what follows, at most
 * 100 ms if nothing does.
 *
 * Not seen is a loss after which the block ends exactly where a line of the module ends: a peer may have sent
 * that line. Buffered reads see that too, because a result has to follow their block. Neither is one before
 * a frame that does not begin with CR LF (Q-3b).
 */
export class PushHoldback {
  private readonly scheduler: SchedulerLike;
  private readonly take: TakePushed;
  private held: Parameters<TakePushed>[] = [];
  private timer = Subscription.EMPTY;
  private readonly isMidFrame: () => boolean;

  /** `isMidFrame` says whether bytes have arrived that are no whole frame yet. */
  constructor(scheduler: SchedulerLike, isMidFrame: () => boolean, take: TakePushed) {
    this.scheduler = scheduler;
    this.isMidFrame = isMidFrame;
    this.take = take;
  }

  push(chunk: Uint8Array, remaining: number, from: Endpoint | undefined): void {
    const safe = this.held.length > 0 ? 0 : safeLength(chunk, remaining);
    const rest = chunk.length - safe;
    if (safe > 0) this.take(chunk.subarray(0, safe), rest + remaining, from);
    if (rest > 0) this.held.push([chunk.subarray(safe), remaining, from]);
    if (remaining === 0 && this.held.length > 0) this.wait(WAITS);
  }

  private wait(left: number): void {
    this.timer = this.scheduler.schedule(() => {
      if (left > 0 && this.isMidFrame()) this.wait(left - 1);
      else this.release();
    }, REST_TIME);
  }

  /** What is held back is payload: something whole has followed it. */
  release(): void {
    this.timer.unsubscribe();
    for (const held of this.held.splice(0)) this.take(...held);
  }

  /** What is held back is not certain to be payload. */
  discard(): void {
    this.timer.unsubscribe();
    this.held = [];
  }
}

/** How many bytes at the beginning of a chunk are payload in any case. */
function safeLength(chunk: Uint8Array, remaining: number): number {
  for (let at = Math.max(0, chunk.length + remaining - TAIL); at < chunk.length; at++) {
    if (chunk[at] === CR && (at + 1 === chunk.length || chunk[at + 1] === LF)) return at;
  }
  return chunk.length;
}
