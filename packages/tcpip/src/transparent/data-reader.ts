import { type SchedulerLike, Subscription } from 'rxjs';
import { begun, CLOSED, endsWith, find, OK } from './tail.js';

/** Bytes that look like the beginning of the module's line wait so long in ms for its rest. */
const LINE_TIME = 50;
/** Silence in ms behind a line of the module. */
const SILENCE = 100;
/** What may stand behind `CLOSED` before it is certain to be data. */
const LONGEST_EPILOGUE = 4_096;

/** What a {@link DataReader} tells. */
export interface DataReaderTarget {
  /** Data of the peer. */
  deliver(bytes: Uint8Array): void;
  /** There is a line that may be the module's `CLOSED`; it and what follows is held. */
  suspicious(): void;
  /** The module has answered the escape. */
  escaped(): void;
}

/** Tells the peer's data from the two lines that the module prints among them. */
export class DataReader {
  private readonly scheduler: SchedulerLike;
  private readonly target: DataReaderTarget;
  private held: Uint8Array<ArrayBufferLike> = new Uint8Array(0);
  private suspecting = false;
  private escaping = false;
  private timer = Subscription.EMPTY;

  constructor(scheduler: SchedulerLike, target: DataReaderTarget) {
    this.scheduler = scheduler;
    this.target = target;
  }

  /** An escape is on its way: its answer stands at the end of the data. */
  awaitEscape(): void {
    this.escaping = true;
  }

  receive(bytes: Uint8Array): void {
    this.timer.unsubscribe();
    this.held = this.held.length === 0 ? bytes : joined(this.held, bytes);
    if (this.escaping && endsWith(this.held, OK)) {
      this.timer = this.scheduler.schedule(() => this.finishEscape(), SILENCE);
      return;
    }
    if (this.suspecting) {
      if (this.held.length > LONGEST_EPILOGUE) this.trust();
      return;
    }
    const at = find(this.held, CLOSED);
    if (at >= 0) {
      this.deliver(at);
      this.suspecting = true;
      this.target.suspicious();
      return;
    }
    const keep = Math.max(begun(this.held, CLOSED), this.escaping ? begun(this.held, OK) : 0);
    this.deliver(this.held.length - keep);
    if (this.held.length > 0)
      this.timer = this.scheduler.schedule(() => this.deliver(this.held.length), LINE_TIME);
  }

  /** What is held may be the end of the connection. */
  get suspects(): boolean {
    return this.suspecting;
  }

  /** The connection is there: what is held is data. */
  trust(): void {
    this.suspecting = false;
    this.deliver(this.held.length);
  }

  /** What is left at the end: data when nothing was suspicious, else the module's last lines. */
  end(): { readonly lines: Uint8Array } {
    this.timer.unsubscribe();
    if (!this.suspecting) this.deliver(this.held.length);
    const lines = this.held;
    this.held = new Uint8Array(0);
    return { lines };
  }

  private finishEscape(): void {
    this.escaping = false;
    this.held = this.held.subarray(0, this.held.length - OK.length);
    this.trust();
    this.target.escaped();
  }

  private deliver(count: number): void {
    const bytes = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    if (bytes.length > 0) this.target.deliver(bytes);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
