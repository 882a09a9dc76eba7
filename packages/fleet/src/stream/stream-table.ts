import type { LinkEnd } from '@a7600/transport';
import { filter, type SchedulerLike, Subscription, skip, timer } from 'rxjs';
import type { Engine } from '../engine/engine.js';
import { decodeFrame, RESET } from '../protocol/frame.js';
import { CreditBudget } from './budget.js';
import {
  STREAM_TIMES,
  type StreamEffects,
  StreamMachine,
  type StreamSide,
  type StreamTimes,
} from './machine.js';

/** Settings of all streams of one side. */
export interface StreamOptions {
  /** Bytes that may be on their way to this connection, over all streams. Default 4 MiB. */
  readonly budget?: number | undefined;
  /** Times of the protocol; another value is for tests. */
  readonly times?: StreamTimes | undefined;
}

/** Time in ms between two looks at the clock. */
const TICK = 250;

/** What a stream of a table does to its surroundings. */
export type TableEffects = Omit<StreamEffects, 'send' | 'soon' | 'allowance'> & {
  /** Whether the other side has the stream. Default: yes. */
  readonly isTaken?: () => boolean;
};

/** The streams of one side: gives them their frames and the time. */
export class StreamTable {
  private readonly side: StreamSide;
  private readonly engine: Engine;
  private readonly now: () => number;
  private readonly times: StreamTimes;
  private readonly budget: CreditBudget;
  private readonly machines = new Map<string, StreamMachine>();
  private readonly scheduler: SchedulerLike;
  private ticking: Subscription | undefined;
  private readonly open = new Subscription();

  constructor(
    side: StreamSide,
    engine: Engine,
    scheduler: SchedulerLike,
    now: () => number,
    options: StreamOptions = {},
  ) {
    this.side = side;
    this.engine = engine;
    this.now = now;
    this.scheduler = scheduler;
    this.times = options.times ?? STREAM_TIMES;
    this.budget = new CreditBudget(options.budget);
    this.open.add(
      engine.connected$
        .pipe(
          skip(1),
          filter((connected) => connected),
        )
        .subscribe(() => {
          for (const machine of [...this.machines.values()]) machine.reconnected(this.now());
        }),
    );
  }

  /** How many streams are open. */
  get size(): number {
    return this.machines.size;
  }

  /** Whether there is a stream of that name. */
  has(id: string): boolean {
    return this.machines.has(id);
  }

  /** Starts a stream whose frames go out on `subject`. */
  start(id: string, subject: string, effects: TableEffects): StreamMachine {
    const machine: StreamMachine = new StreamMachine(
      this.side,
      {
        ...effects,
        send: (frame) => {
          // The other side would not know a stream that it has not been asked for; a RESET is never answered.
          if (effects.isTaken?.() !== false || frame[0] === RESET) this.engine.publish(subject, frame);
        },
        soon: (work) => this.engine.soon(work),
        allowance: (outstanding) => this.budget.allowance(outstanding),
        over: (end) => {
          this.machines.delete(id);
          removeFromBudget();
          if (this.machines.size === 0) this.stopTicking();
          effects.over(end);
        },
      },
      this.now(),
      this.times,
    );
    const removeFromBudget = this.budget.add(() => machine.outstanding);
    this.machines.set(id, machine);
    this.ticking ??= timer(TICK, TICK, this.scheduler).subscribe(() => {
      for (const each of [...this.machines.values()]) each.tick(this.now());
    });
    return machine;
  }

  /** Gives a frame to its stream; false when there is none of that name. */
  receive(id: string, data: Uint8Array): boolean {
    const machine = this.machines.get(id);
    if (machine === undefined) return false;
    const frame = decodeFrame(data);
    if (frame !== undefined) machine.receive(frame, this.now());
    return true;
  }

  /** Ends every stream on both sides. */
  close(end: LinkEnd): void {
    this.open.unsubscribe();
    for (const machine of [...this.machines.values()]) machine.reset(end);
    this.stopTicking();
  }

  private stopTicking(): void {
    this.ticking?.unsubscribe();
    this.ticking = undefined;
  }
}
