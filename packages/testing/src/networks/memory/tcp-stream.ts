import { type ReceiveQueue, receiveQueue, TransportError } from '@a7600/transport';
import { Observable } from 'rxjs';
import type { HostConditions } from './conditions.js';
import type { Path } from './path.js';

/** Something that waits to be sent: bytes, or (without bytes) the end of the stream. */
interface Entry {
  readonly bytes: Uint8Array | undefined;
  sent: number;
  acknowledged: number;
  readonly arrive: () => void;
  readonly taken: () => void;
  readonly refused: (error: Error) => void;
}

/** What a {@link TcpStream} runs on. */
export interface TcpStreamOptions {
  readonly there: Path;
  readonly back: Path;
  readonly sender: HostConditions;
  readonly receiver: HostConditions;
  /** Bytes have come to a receiver that has closed. */
  readonly onUnwanted: () => void;
  /** Something has not reached the receiver, whose host has vanished. */
  readonly onUnanswered: () => void;
}

/**
 * One direction of a TCP connection: what one end writes and the other reads.
 *
 * A write is taken when the receiver's TCP has acknowledged the last of it. While the receiver
 * reads, up to `flight` bytes are in flight; while it does not, up to its `window` is kept for it.
 */
export class TcpStream {
  /** The receiver's half. */
  readonly receiveQueue: ReceiveQueue;
  private readonly options: TcpStreamOptions;
  private readonly waiting: Entry[] = [];
  private readonly unacknowledged = new Set<Entry>();
  private flight = 0;
  private pumping = false;
  private finished = false;
  private unwanted = false;
  private refusal: Error | undefined;

  constructor(options: TcpStreamOptions) {
    this.options = options;
    this.receiveQueue = receiveQueue((hasDemand) => {
      if (hasDemand) options.back.transmit(0, () => this.pump());
    });
  }

  /** Sends bytes after everything before; see `ByteLink.write`. */
  write(bytes: Uint8Array): Observable<never> {
    return this.send(bytes, () => {});
  }

  /**
   * Ends the stream after everything before; `arrive` runs when the receiver learns of it. Cold;
   * completes when it has. Nothing can be written after it.
   */
  finish(arrive: () => void): Observable<never> {
    return this.send(undefined, arrive);
  }

  /** The receiver wants nothing more: what still comes is answered with a reset. */
  shut(): void {
    this.unwanted = true;
  }

  /** The receiver's host has vanished: what waits for it waits for an answer. */
  cut(): void {
    if (this.waiting.length + this.unacknowledged.size > 0) this.options.onUnanswered();
  }

  /** Nothing is sent any more: everything that was not acknowledged fails, and every later write. */
  refuse(error: Error): void {
    this.refusal ??= error;
    const entries = new Set([...this.unacknowledged, ...this.waiting.splice(0)]);
    this.unacknowledged.clear();
    for (const { refused } of entries) refused(error);
  }

  private send(bytes: Uint8Array | undefined, arrive: () => void): Observable<never> {
    return new Observable<never>((subscriber) => {
      const refusal = this.refusal ?? (this.finished && bytes !== undefined ? streamEnded() : undefined);
      if (refusal !== undefined) {
        subscriber.error(refusal);
        return;
      }
      this.finished ||= bytes === undefined;
      const entry: Entry = {
        bytes,
        sent: 0,
        acknowledged: 0,
        arrive,
        taken: () => subscriber.complete(),
        refused: (error) => subscriber.error(error),
      };
      this.waiting.push(entry);
      this.pump();
      return () => {
        const index = entry.sent === 0 ? this.waiting.indexOf(entry) : -1;
        if (index >= 0) this.waiting.splice(index, 1);
      };
    });
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    while (this.step());
    this.pumping = false;
  }

  /** Sends as much of the first entry as fits; false when nothing does. */
  private step(): boolean {
    const entry = this.waiting[0];
    if (entry === undefined) return false;
    const { bytes } = entry;
    const size = bytes === undefined ? 0 : bytes.length - entry.sent;
    const part = Math.min(size, this.room());
    if (size > 0 && part <= 0) {
      // Who probes a closed window of a host that has vanished is not answered either.
      if (!this.options.there.open) this.options.onUnanswered();
      return false;
    }
    const chunk = bytes?.slice(entry.sent, entry.sent + part);
    entry.sent += part;
    if (part === size) this.waiting.shift();
    this.unacknowledged.add(entry);
    this.flight += part;
    const { there, back, onUnanswered } = this.options;
    const arrive = () => {
      if (chunk === undefined) entry.arrive();
      else this.land(chunk);
      back.transmit(0, () => this.acknowledge(entry, part));
    };
    there.transmit(part, arrive, onUnanswered);
    return true;
  }

  /** How many bytes may be sent now. */
  private room(): number {
    const { sender, receiver } = this.options;
    const limit = this.receiveQueue.hasDemand
      ? sender.flight
      : receiver.window - this.receiveQueue.queuedBytes;
    return limit - this.flight;
  }

  private land(bytes: Uint8Array): void {
    if (this.unwanted) this.options.onUnwanted();
    else this.receiveQueue.push(bytes);
  }

  private acknowledge(entry: Entry, part: number): void {
    this.flight -= part;
    entry.acknowledged += part;
    if (entry.acknowledged === (entry.bytes?.length ?? 0) && this.unacknowledged.delete(entry)) {
      entry.taken();
    }
    this.pump();
  }
}

/** What a write fails with once the connection carries nothing more from this end. */
export function streamEnded(): TransportError {
  return new TransportError('TRANSPORT_CLOSED', 'The connection has ended.');
}
