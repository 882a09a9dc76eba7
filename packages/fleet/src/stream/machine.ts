/**
 * A byte stream over messages that may be lost in an outage: offsets, credit, resume, heartbeat, one end.
 *
 * @module
 */

import type { LinkEnd } from '@a7600/transport';
import { FleetError } from '../base/errors.js';
import { encodeFrame, type Frame } from '../protocol/frame.js';
import { endFromJson, endToJson } from '../protocol/wire-error.js';
import { Outgoing } from './outgoing.js';

/** Times of a stream in ms. */
export interface StreamTimes {
  /** Silence after which the other side counts as gone. */
  readonly peerTimeout: number;
  /** Time between two CREDIT frames of a busy stream, and the silence after which a repetition is asked for. */
  readonly busy: number;
  /** Time between two CREDIT frames of an idle stream. */
  readonly idle: number;
}

/** The times of version 1 of the protocol. */
export const STREAM_TIMES: StreamTimes = { peerTimeout: 15_000, busy: 1_000, idle: 4_000 };

/** What a stream does to its surroundings. It calls nothing else, and has no clock. */
export interface StreamEffects {
  /** Sends a frame to the other side. */
  send(frame: Uint8Array): void;
  /** Calls after the present turn of the program. */
  soon(work: () => void): void;
  /** Hands on bytes of the other side, in order, each once. */
  deliver(bytes: Uint8Array): void;
  /** The other side is open; what it says of the socket. */
  opened?(json: unknown): void;
  /** The other side has acknowledged bytes, or permits more. */
  drained?(): void;
  /** The other side can take no more; what it sent before may still come. */
  peerEnding?(end: LinkEnd): void;
  /** The other side ends its direction, and everything before was delivered. */
  peerEnded?(end: LinkEnd): void;
  /** The stream is over: nothing is called after that. */
  over(end: LinkEnd): void;
  /** How many bytes may be on their way to this side, of which `outstanding` are already permitted. */
  allowance(outstanding: number): number;
}

/** Which side: the agent's END is the end of it all, because it has the socket. The controller's asks for that. */
export type StreamSide = 'agent' | 'controller';

/** Time in ms in which a gap is not reported again. */
const GAP_PAUSE = 50;
/** Time in ms between two ticks that counts at the most: in more, this program was stopped or had no time to read. */
const LONGEST_TICK = 1_000;

/** One side of a stream. */
export class StreamMachine {
  private readonly side: StreamSide;
  private readonly effects: StreamEffects;
  private readonly times: StreamTimes;
  private readonly outgoing: Outgoing;
  private received = 0;
  private consumed = 0;
  private granted = 0;
  /** The other side's END, until everything before it is here. */
  private awaited: { readonly offset: number; readonly end: LinkEnd } | undefined;
  private hasPeerEnd = false;
  private hasPeerEnding = false;
  private isOver = false;
  private isOpen: boolean;
  private heardAt: number;
  private creditAt: number;
  private arrivedAt: number;
  private tickedAt: number;

  constructor(side: StreamSide, effects: StreamEffects, now: number, times: StreamTimes = STREAM_TIMES) {
    this.side = side;
    this.effects = effects;
    this.times = times;
    this.outgoing = new Outgoing(
      (frame) => effects.send(frame),
      (work) => effects.soon(work),
    );
    this.isOpen = side === 'agent';
    this.heardAt = now;
    this.creditAt = now;
    this.arrivedAt = now;
    this.tickedAt = now;
  }

  /** Bytes that were written here and that the other side has not acknowledged. */
  get unacknowledged(): number {
    return this.outgoing.unacknowledged;
  }

  /** Bytes that were written here and wait for credit of the other side. */
  get waiting(): number {
    return this.outgoing.waiting;
  }

  /** Bytes that the other side may still send. */
  get outstanding(): number {
    return this.granted - this.received;
  }

  /** Tells the other side that the stream is open; repeated while it asks. */
  open(json: unknown): void {
    if (!this.isOver) this.outgoing.open(json);
  }

  /** Sends bytes as soon as there is credit. They are kept, and must not be changed. */
  write(bytes: Uint8Array): void {
    if (!this.isOver) this.outgoing.write(bytes);
  }

  /** Tells the other side that nothing can be written to it any more, before the last bytes are sent. */
  announce(end: LinkEnd): void {
    if (!this.isOver) this.effects.send(encodeFrame({ kind: 'ending', json: endToJson(end) }));
  }

  /** Ends this direction after what was written. */
  finish(end: LinkEnd): void {
    if (!this.isOver) this.outgoing.finish(end);
  }

  /** Ends the stream at once, on both sides. */
  reset(end: LinkEnd): void {
    if (this.isOver) return;
    this.outgoing.flush();
    this.effects.send(encodeFrame({ kind: 'reset', json: endToJson(end) }));
    this.end(end);
  }

  /** Bytes that were delivered have been used: states credit for more, if that is worth a frame. */
  consume(count: number, now: number): void {
    this.consumed += count;
    if (this.isOver) return;
    const allowed = this.effects.allowance(this.outstanding);
    const limit = Math.max(this.granted, this.consumed + allowed);
    if (limit - this.granted < allowed / 2 && this.granted > this.received) return;
    if (limit === this.granted) return;
    this.granted = limit;
    this.credit(now, false);
  }

  /** Takes a frame of the other side. */
  receive(frame: Frame, now: number): void {
    if (this.isOver) return;
    this.heardAt = now;
    if (frame.kind === 'data') this.takeData(frame.offset, frame.bytes, now);
    else if (frame.kind === 'credit') this.takeCredit(frame);
    else if (frame.kind === 'end') this.takeEnd(frame.offset, endFromJson(frame.json), now);
    else if (frame.kind === 'reset') this.end(this.outgoing.completeEnd ?? endFromJson(frame.json));
    else if (frame.kind === 'opened') this.takeOpened(frame.json);
    else this.takeEnding(endFromJson(frame.json));
  }

  /** The connection to the server is back: what was sent meanwhile is lost, in both directions. */
  reconnected(now: number): void {
    if (this.isOver) return;
    this.credit(now, true);
    this.outgoing.resend();
  }

  /** Time has passed: heartbeats, repetitions, and the end of a stream whose other side is silent. */
  tick(now: number): void {
    if (this.isOver) return;
    const { peerTimeout, busy, idle } = this.times;
    // What has come meanwhile is still to be read: that is no silence of the other side.
    const unread = Math.max(0, now - this.tickedAt - LONGEST_TICK);
    this.heardAt = Math.min(now, this.heardAt + unread);
    this.tickedAt = now;
    if (now - this.heardAt >= peerTimeout) {
      this.reset(this.outgoing.completeEnd ?? { by: 'lost', error: silent(this.side, peerTimeout) });
      return;
    }
    const isQuiet = now - this.arrivedAt >= busy;
    const isBusy = !this.outgoing.isSettled || !this.isOpen || this.awaited !== undefined;
    if (now - this.creditAt < (isBusy || now - this.arrivedAt < idle ? busy : idle)) return;
    this.credit(now, isQuiet);
    this.outgoing.repeatEnd();
  }

  private takeData(offset: number, bytes: Uint8Array, now: number): void {
    if (!this.isOpen || offset > this.received) {
      // Something before it was lost. One request is enough until something arrives in order.
      if (now - this.creditAt >= GAP_PAUSE) this.credit(now, true);
      return;
    }
    const fresh = offset + bytes.length - this.received;
    if (fresh <= 0) return;
    if (this.received + fresh > this.granted) {
      const text = 'The other side of the stream sent more than it was permitted to.';
      this.reset({ by: 'lost', error: new FleetError('PROTOCOL', text) });
      return;
    }
    this.arrivedAt = now;
    this.received += fresh;
    this.effects.deliver(fresh === bytes.length ? bytes : bytes.subarray(bytes.length - fresh));
    this.consume(0, now);
    this.settlePeerEnd(now);
  }

  private takeEnd(offset: number, end: LinkEnd, now: number): void {
    if (this.hasPeerEnd) this.credit(now, false);
    else if (offset > this.received || (offset > 0 && !this.isOpen)) {
      // Bytes before it were lost, or the OPENED was.
      this.awaited = { offset, end };
      this.credit(now, true);
    } else {
      this.awaited = { offset, end };
      this.settlePeerEnd(now);
    }
  }

  private settlePeerEnd(now: number): void {
    const { awaited } = this;
    if (this.isOver || awaited === undefined || awaited.offset > this.received) return;
    this.awaited = undefined;
    this.hasPeerEnd = true;
    this.credit(now, false);
    this.effects.peerEnded?.(awaited.end);
    if (this.side === 'controller') this.end(awaited.end);
  }

  private takeOpened(json: unknown): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.effects.opened?.(json);
  }

  private takeEnding(end: LinkEnd): void {
    if (this.hasPeerEnding) return;
    this.hasPeerEnding = true;
    this.effects.peerEnding?.(end);
  }

  private takeCredit(credit: Extract<Frame, { kind: 'credit' }>): void {
    const { outgoing } = this;
    outgoing.credit(credit);
    if (this.side === 'agent' && outgoing.isEndAcknowledged) this.end(outgoing.completeEnd as LinkEnd);
    else this.effects.drained?.();
  }

  private credit(now: number, resend: boolean): void {
    this.creditAt = now;
    const received = this.received + (this.hasPeerEnd ? 1 : 0);
    this.effects.send(
      encodeFrame({ kind: 'credit', received, limit: this.granted, resend, unopened: !this.isOpen }),
    );
  }

  private end(end: LinkEnd): void {
    if (this.isOver) return;
    this.isOver = true;
    this.outgoing.clear();
    this.effects.over(end);
  }
}

function silent(side: StreamSide, ms: number): FleetError {
  const other = side === 'agent' ? 'controller' : 'agent';
  return new FleetError(
    'STREAM_LOST',
    `The ${other} of this stream has sent nothing for ${ms} ms: it has stopped, or the NATS server is away.`,
  );
}
