import { VirtualTimeScheduler } from 'rxjs';

/** A clock that moves when it is told to. */
export interface VirtualTime {
  readonly scheduler: VirtualTimeScheduler;
  /** Lets that many ms pass. */
  advance(ms: number): void;
  /** Lets everything happen that is due, however long that takes, and returns the time. */
  run(): number;
}

export function virtualTime(): VirtualTime {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  return {
    scheduler,
    advance(ms) {
      scheduler.maxFrames = scheduler.frame + ms;
      scheduler.flush();
      scheduler.frame = scheduler.maxFrames;
    },
    run() {
      scheduler.maxFrames = Number.POSITIVE_INFINITY;
      scheduler.flush();
      return scheduler.frame;
    },
  };
}
