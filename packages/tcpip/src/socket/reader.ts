import { cipRxGet, isAtError, type ReceivedBlock, type Settled } from '@a7600/at-codec';
import type { Inlet } from '@a7600/transport';
import { isModemError } from '../errors.js';
import type { Job, Lane, TrafficSource } from '../lane.js';

/** Refused reads in a row after which the link is left alone until the next notification. */
const REFUSALS = 3;

/**
 * Takes what a link received out of the module's buffer (buffer access mode), when somebody wants
 * it and there may be something.
 *
 * A notification is only a hint: one that comes while a read is under way asks for another read,
 * and a read that leaves a rest does too, so none is lost. Nothing is read while the inlet does
 * not flow, which leaves the bytes in the module and, when its buffer is full, with the peer. Once
 * the peer has closed, everything left is fetched at once, because the module may give the link
 * number, and its buffer, to somebody else.
 */
export class BufferReader implements TrafficSource {
  private readonly link: number;
  private readonly lane: Pick<Lane, 'wake'>;
  private readonly inlet: Inlet;
  private readonly onLost: (error: Error) => void;
  private hint = false;
  private reading = false;
  private refusals = 0;
  private onDrained: (() => void) | undefined;

  /** `onLost` is told when bytes were taken from the module and did not arrive. */
  constructor(link: number, lane: Pick<Lane, 'wake'>, inlet: Inlet, onLost: (error: Error) => void) {
    this.link = link;
    this.lane = lane;
    this.inlet = inlet;
    this.onLost = onLost;
  }

  /** There may be something to read. */
  notify(): void {
    this.hint = true;
    this.wake();
  }

  /** The inlet wants bytes, or wants them again. */
  wake(): void {
    if (this.wanted()) this.lane.wake(this);
  }

  /** Reads all that is left, whether or not anybody wants it now, then calls `done`. */
  drain(done: () => void): void {
    this.onDrained = done;
    this.notify();
  }

  next(): Job | undefined {
    if (!this.wanted()) return undefined;
    this.hint = false;
    this.reading = true;
    const command = cipRxGet.take({ link: this.link });
    return { command, settle: (settled) => this.settle(settled as Settled<ReceivedBlock>) };
  }

  private wanted(): boolean {
    return this.hint && !this.reading && (this.inlet.flowing || this.onDrained !== undefined);
  }

  private settle(settled: Settled<ReceivedBlock>): void {
    this.reading = false;
    if (settled.ok) {
      this.refusals = 0;
      if (settled.value.rest > 0) this.hint = true;
      for (const piece of settled.value.payload) this.inlet.push(piece);
    } else if (isModemError(settled.error, 'TIMEOUT')) {
      this.onLost(settled.error);
      return;
    } else if (!isAtError(settled.error, 'IP_ERROR')) {
      this.refusals += 1;
      if (this.refusals >= REFUSALS) this.hint = false;
    }
    if (this.hint) this.wake();
    else if (this.onDrained !== undefined) this.onDrained();
  }
}
