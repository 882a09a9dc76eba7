import type { SchedulerLike } from 'rxjs';
import { PushHoldback, type TakePushed } from './push-holdback.js';

/** What {@link PushedBlocks} work with. */
export interface PushedBlocksOptions {
  readonly scheduler: SchedulerLike;
  /** Whether bytes have arrived that are no whole frame yet. */
  readonly isMidFrame: () => boolean;
  readonly take: TakePushed;
  /** Called when bytes of a block were lost: what was taken of it is all that comes. */
  readonly onCutShort: () => void;
}

/** The blocks that the module pushes for a link: which of them is complete, and which was cut short. */
export class PushedBlocks {
  private readonly options: PushedBlocksOptions;
  private readonly holdback: PushHoldback;
  /** Bytes of the last block that are still to come. */
  private missing = 0;

  constructor(options: PushedBlocksOptions) {
    this.options = options;
    this.holdback = new PushHoldback(options.scheduler, options.isMidFrame, options.take);
  }

  /** Whether the last block is not complete. */
  get isIncomplete(): boolean {
    return this.missing > 0;
  }

  /** A chunk follows, after which `remaining` bytes of its block are still to come. */
  begins(length: number, remaining: number): void {
    if (this.missing > 0 && this.missing !== length + remaining) this.cutShort();
    // The header of this block has shown that the one before it was whole.
    else if (this.missing === 0) this.holdback.release();
    this.missing = remaining;
  }

  readonly push: TakePushed = (chunk, remaining, from) => this.holdback.push(chunk, remaining, from);

  /** The last block is not completed any more. */
  abandoned(): void {
    if (this.missing === 0) return;
    this.missing = 0;
    this.cutShort();
  }

  /** Nothing follows on this link. */
  close(): void {
    this.holdback.release();
  }

  /** What is held back is not certain to be payload. */
  discard(): void {
    this.holdback.discard();
  }

  cutShort(): void {
    this.holdback.discard();
    this.options.onCutShort();
  }
}
