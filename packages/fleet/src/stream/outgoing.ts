import type { LinkEnd } from '@a7600/transport';
import { blankData, encodeFrame, FRAME_BYTES, FRAME_HEADER, type Frame } from '../protocol/frame.js';
import { endToJson } from '../protocol/wire-error.js';
import { LARGEST } from './budget.js';

/** Bytes of this side, with their place in the stream. */
interface Kept {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The direction from this side: what is written waits for credit, and is kept until it is acknowledged. */
export class Outgoing {
  private readonly send: (frame: Uint8Array) => void;
  private readonly soon: (work: () => void) => void;
  private kept: Kept[] = [];
  /** The index of the first of {@link kept} that is not sent to its end. */
  private unsent = 0;
  private isFlushDue = false;
  private isCleared = false;
  private written = 0;
  private sent = 0;
  private acknowledged = 0;
  private limit = 0;
  private final: LinkEnd | undefined;
  private isEndSent = false;
  private opened: { readonly json: unknown } | undefined;

  /**
   * @param send - Sends a frame.
   * @param soon - Calls after the present turn of the program: small chunks that are written in one turn share a frame.
   */
  constructor(send: (frame: Uint8Array) => void, soon: (work: () => void) => void) {
    this.send = send;
    this.soon = soon;
  }

  /** Bytes that were written and are not acknowledged. */
  get unacknowledged(): number {
    return Math.max(0, this.written - this.acknowledged);
  }

  /** Bytes that were written and wait for credit. What is on its way is bounded by the other side's credit. */
  get waiting(): number {
    return this.written - this.sent;
  }

  /** Whether the other side has everything that was written, and the END if there is one. */
  get isSettled(): boolean {
    return this.acknowledged >= this.written + (this.final === undefined ? 0 : 1);
  }

  /** How this direction ended, once all of it was sent at least once. */
  get completeEnd(): LinkEnd | undefined {
    return this.isEndSent ? this.final : undefined;
  }

  /** Whether the other side has acknowledged the END. */
  get isEndAcknowledged(): boolean {
    return this.isEndSent && this.acknowledged > this.written;
  }

  open(json: unknown): void {
    this.opened = { json };
    this.send(encodeFrame({ kind: 'opened', json }));
  }

  write(bytes: Uint8Array): void {
    if (this.final !== undefined || bytes.length === 0) return;
    this.kept.push({ offset: this.written, bytes });
    this.written += bytes.length;
    if (this.waiting >= FRAME_BYTES) this.pump(FRAME_BYTES);
    if (this.isFlushDue || this.waiting === 0) return;
    this.isFlushDue = true;
    this.soon(() => {
      this.isFlushDue = false;
      this.flush();
    });
  }

  /** Sends what there is credit for. */
  flush(): void {
    this.pump(1);
  }

  finish(end: LinkEnd): void {
    if (this.final !== undefined) return;
    this.final = end;
    this.flush();
  }

  /** Sends again what is not acknowledged. */
  resend(): void {
    this.rewind(this.acknowledged);
    this.flush();
  }

  /** Sends the END again if it is not acknowledged. */
  repeatEnd(): void {
    if (!this.isEndSent || this.isSettled) return;
    this.isEndSent = false;
    this.flush();
  }

  /** The other side says what it has, and what it may be sent. */
  credit({ received, limit, resend, unopened }: Extract<Frame, { kind: 'credit' }>): void {
    // What was never sent cannot be acknowledged: such a frame is not about this stream.
    if (received > this.sent + (this.isEndSent ? 1 : 0)) return;
    if (unopened && this.opened !== undefined) this.open(this.opened.json);
    this.limit = Math.max(this.limit, limit);
    this.acknowledged = Math.max(this.acknowledged, received);
    const first = this.kept.findIndex(({ offset, bytes }) => offset + bytes.length > received);
    if (first !== 0) {
      this.unsent = first < 0 ? 0 : Math.max(0, this.unsent - first);
      this.kept = first < 0 ? [] : this.kept.slice(first);
    }
    if (resend) this.rewind(received);
    this.flush();
  }

  clear(): void {
    this.kept = [];
    this.isCleared = true;
  }

  private rewind(offset: number): void {
    if (offset > this.written) return;
    this.sent = Math.min(this.sent, Math.max(offset, this.acknowledged));
    this.unsent = Math.max(
      0,
      this.kept.findIndex((each) => each.offset + each.bytes.length > this.sent),
    );
    this.isEndSent = false;
  }

  /** Sends frames of at least so many bytes, as far as there is credit. */
  private pump(least: number): void {
    if (this.isCleared) return;
    // The other side may permit more than is kept for it here: it could be broken, or an enemy.
    const limit = Math.min(this.limit, this.acknowledged + LARGEST);
    while (this.sent < this.written && this.sent < limit) {
      const length = Math.min(this.written, limit, this.sent + FRAME_BYTES) - this.sent;
      if (length < least) break;
      const frame = blankData(this.sent, length);
      this.copy(frame, length);
      this.sent += length;
      this.send(frame);
    }
    if (this.final === undefined || this.isEndSent || this.sent < this.written) return;
    this.isEndSent = true;
    this.send(encodeFrame({ kind: 'end', offset: this.written, json: endToJson(this.final) }));
  }

  /** Copies the bytes from `sent` on into a frame. */
  private copy(frame: Uint8Array, length: number): void {
    let done = 0;
    while (done < length) {
      const { offset, bytes } = this.kept[this.unsent] as Kept;
      const from = this.sent + done - offset;
      const part = bytes.subarray(from, from + length - done);
      frame.set(part, FRAME_HEADER + done);
      done += part.length;
      if (from + part.length === bytes.length) this.unsent += 1;
    }
  }
}
