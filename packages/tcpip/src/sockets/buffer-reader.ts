import {
  type Command,
  exchange,
  isAtError,
  type Payload,
  type ReceivedBlock,
  type Settled,
  unreadable,
} from '@a7600/at-codec';
import type { ReceiveQueue } from '@a7600/transport';
import { type SchedulerLike, Subscription } from 'rxjs';
import { isAnswerLost, saysNetworkClosed } from '../base/refusals.js';
import type { Job, TrafficSource } from '../lane/job.js';
import type { Lane } from '../lane/lane.js';
import { take, takeHex } from '../links/link-commands.js';

/** Refused reads in a row after which the link is left alone until the next notification. */
const REFUSALS = 3;
/**
 * Pauses in ms after a read that gave nothing although the module says that it holds something; and how many
 * of those in a row show that the rest cannot be had, when it has to be read before the link is closed.
 */
const FIRST_PAUSE = 100;
const LAST_PAUSE = 10_000;
const FRUITLESS_READS = 8;

/** What a {@link BufferReader} reads, and how. */
export interface ReaderOptions {
  readonly link: number;
  readonly lane: Pick<Lane, 'wake'>;
  readonly scheduler: SchedulerLike;
  /** Whether bytes are wanted. */
  readonly receiveQueue: Pick<ReceiveQueue<unknown>, 'hasDemand'>;
  /** Called with each block; a stream pushes its chunks, a datagram socket the whole. */
  readonly deliver: (chunks: readonly Uint8Array[]) => void;
  /** Read as hexadecimal digits. */
  readonly hex: boolean;
  /** Called when the module gave bytes out that did not arrive. */
  readonly onLost: (error: Error) => void;
}

/**
 * Reads what a link received from the module's buffer (buffer access), when the receive queue has demand
 * and there may be something.
 *
 * A notification is only a hint: one that comes while a read is under way asks for another read,
 * and a read that leaves a rest does too, so none is lost. Nothing is read while the receive queue has no
 * demand, which leaves the bytes in the module and, when its buffer is full, with the peer. Once
 * the peer has closed, everything left is fetched at once, because the module may give the link
 * number, and its buffer, to another connection.
 */
export class BufferReader implements TrafficSource {
  readonly joins = true;
  private readonly options: ReaderOptions;
  private hint = false;
  private reading = false;
  /** The answer to the read under way has begun: it tells of this link as it was then. */
  private answered = false;
  private refusals = 0;
  /** Reads in a row that gave nothing of a rest. */
  private fruitless = 0;
  private pause = Subscription.EMPTY;
  private successor: BufferReader | undefined;
  private stopped = false;
  /** Nothing is read for now. */
  private isHeld = false;
  /** The answer to the read under way is kept until that ends. */
  private isKept = false;
  private kept: Settled<ReceivedBlock> | undefined;
  private onDrained: (() => void) | undefined;
  private isBounded = false;
  /** Bytes that the module held when it was asked first, and that are still to be read. */
  private held: number | undefined;

  constructor(options: ReaderOptions) {
    this.options = options;
  }

  /** There may be something to read. */
  notify(): void {
    this.hint = true;
    this.wake();
  }

  /** The receive queue wants bytes, or wants them again. */
  wake(): void {
    if (this.wanted()) this.options.lane.wake(this);
  }

  /** Whether nothing is read for now, and an answer that has not begun is kept: it may be of another connection. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.isKept = isHeld && this.reading && !this.answered;
    const { kept } = this;
    this.kept = undefined;
    if (kept !== undefined) this.settle(kept);
    this.wake();
  }

  /** Whether an answer was kept that has bytes. */
  get hasKept(): boolean {
    return this.kept?.ok === true && this.kept.value.payload.some(({ length }) => length > 0);
  }

  /** Reads all that is left, whether or not anybody wants it now, then calls `done`. */
  drain(done: () => void): void {
    this.onDrained = done;
    this.notify();
  }

  /**
   * Reads what the module holds by now, then calls `done`. What comes meanwhile is not waited for: a
   * peer that goes on sending must not keep a link open that is to be closed.
   */
  drainHeld(done: () => void): void {
    this.held = undefined;
    this.isBounded = true;
    this.drain(done);
  }

  /** The link is not ours any more: what it holds is not for us to take. */
  stop(): void {
    this.stopped = true;
    this.pause.unsubscribe();
  }

  /** The link has a successor now, who gets the answer to a read if it has not begun. */
  handOver(successor: BufferReader): void {
    if (!this.reading || this.answered) return;
    this.successor = successor;
    successor.reading = true;
  }

  /** The next block came, all of it, when no read waited for it any more. */
  orphanedRead(chunks: readonly Payload[]): void {
    const [{ header }] = chunks as readonly [Payload];
    const late = exchange(this.command);
    for (const event of [header, ...chunks]) late.offer(event);
    late.expire(unreadable(`a block after "${header.text}", which was not asked for`));
    this.take(late.settled as Settled<ReceivedBlock>);
    this.wake();
  }

  next(): Job | undefined {
    if (!this.wanted()) return undefined;
    this.hint = false;
    this.reading = true;
    this.answered = false;
    return {
      command: this.command,
      answered: () => {
        this.answered = true;
      },
      settle: (settled) => (this.successor ?? this).settle(settled as Settled<ReceivedBlock>),
      skipped: () => (this.successor ?? this).skipped(),
    };
  }

  private get command(): Command<ReceivedBlock> {
    const { link, hex } = this.options;
    return hex ? takeHex(link) : take(link);
  }

  private wanted(): boolean {
    const { receiveQueue } = this.options;
    if (this.stopped || this.isHeld || this.reading || !this.hint || !this.pause.closed) return false;
    return receiveQueue.hasDemand || this.onDrained !== undefined;
  }

  private skipped(): void {
    this.reading = false;
    this.notify();
  }

  private settle(settled: Settled<ReceivedBlock>): void {
    if (this.isKept) {
      this.kept = settled;
      return;
    }
    this.reading = false;
    if (!this.take(settled)) return;
    if (this.onDrained !== undefined && this.fruitless >= FRUITLESS_READS) this.giveUp();
    else if (this.hint && !this.hasReadHeld(settled)) this.wake();
    else this.onDrained?.();
  }

  /** Whether a read, after others, has given all that the module held when {@link drainHeld} was called. */
  private hasReadHeld(settled: Settled<ReceivedBlock>): boolean {
    if (!this.isBounded || !settled.ok) return false;
    const { payload, rest } = settled.value;
    // The first answer says how much more there is.
    this.held =
      this.held === undefined ? rest : this.held - payload.reduce((sum, { length }) => sum + length, 0);
    return this.held <= 0;
  }

  /** Hands on what was read; says whether nothing got lost. */
  private take(settled: Settled<ReceivedBlock>): boolean {
    if (settled.ok) {
      this.refusals = 0;
      const { rest, payload } = settled.value;
      if (rest > 0) this.hint = true;
      this.fruitless = rest > 0 && payload.every(({ length }) => length === 0) ? this.fruitless + 1 : 0;
      if (this.fruitless > 0) this.wait();
      this.options.deliver(settled.value.payload);
      return true;
    }
    if (this.harmless(settled.error)) return true;
    this.options.onLost(settled.error);
    return false;
  }

  /** Lets the module alone for a while. */
  private wait(): void {
    const { scheduler } = this.options;
    const delay = Math.min(FIRST_PAUSE * 2 ** (this.fruitless - 1), LAST_PAUSE);
    this.pause = scheduler.schedule(() => {
      this.pause = Subscription.EMPTY;
      this.wake();
    }, delay);
  }

  private giveUp(): void {
    this.stop();
    this.options.onLost(new Error('the module says that it holds more bytes, and gives none of them'));
  }

  /** Whether a failed read took nothing: there was no data, or the module refused. */
  private harmless(error: Error): boolean {
    if (isAnswerLost(error) || saysNetworkClosed(error)) return false;
    if (isAtError(error, 'IP_ERROR')) this.refusals = 0;
    else this.hint = ++this.refusals < REFUSALS;
    return true;
  }
}
