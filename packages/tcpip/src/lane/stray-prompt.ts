import { joinChunks } from '@a7600/at-codec';
import { type SchedulerLike, Subscription } from 'rxjs';

/** Time in ms for the rest of a line that begins like a prompt. */
const REST_TIME = 500;
/** The longest prompt, with line ends before it. */
const LONGEST = 8;
const PROMPT = /^[\r\n]*> ?$/;

/** Watches for a prompt where no command has asked for one: `>` at the start of a line, and nothing after it. */
export class StrayPrompt {
  private readonly scheduler: SchedulerLike;
  private readonly onPrompt: () => void;
  private tail: Uint8Array = new Uint8Array(0);
  private timer = Subscription.EMPTY;

  constructor(scheduler: SchedulerLike, onPrompt: () => void) {
    this.scheduler = scheduler;
    this.onPrompt = onPrompt;
  }

  /** A chunk has come, after which so many bytes are no whole frame yet. */
  heard(chunk: Uint8Array, undecoded: number): void {
    this.timer.unsubscribe();
    if (undecoded === 0 || undecoded > LONGEST) {
      if (this.tail.length > 0) this.tail = chunk.subarray(0, 0);
      return;
    }
    this.tail = joinChunks([this.tail, chunk]).slice(-undecoded);
    if (PROMPT.test(String.fromCharCode(...this.tail))) {
      this.timer = this.scheduler.schedule(this.onPrompt, REST_TIME);
    }
  }

  stop(): void {
    this.timer.unsubscribe();
  }
}
