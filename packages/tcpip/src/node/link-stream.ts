import { Duplex } from 'node:stream';
import { merge, Subscription, tap } from 'rxjs';
import { isModemError } from '../errors.js';
import type { ModemLink } from './modem-network.js';
import { type Attempt, nodeError, usageError } from './node-error.js';

/** Settings of a stream over a link. */
export interface LinkStreamOptions {
  /**
   * Stay writable when the peer has closed, as in Node; what is written then fails with `EPIPE`.
   * Default false.
   */
  readonly allowHalfOpen?: boolean | undefined;
  /** Bytes that wait in either direction before the other side is held back. Default 65536. */
  readonly highWaterMark?: number | undefined;
}

const HIGH_WATER = 65_536;
/** What is handed to the link at a time, in bytes: whole pieces of the module. */
const PORTION = 4 * 1_500;
/** Bytes that are taken and lost when the peer has closed, as a kernel does it. */
const SEND_BUFFER = 16_384;

type Callback = (error?: Error | null) => void;

/**
 * A stream over a link that may come later. What is written in one turn of the event loop, or
 * before the link is there, is handed over together.
 */
export abstract class LinkStream extends Duplex {
  /** Between `connect()` and the event `connect`. */
  connecting = false;
  /** Bytes received. */
  bytesRead = 0;
  /** The link, once there is one. */
  protected link: ModemLink | undefined;
  /** What has to be given back when the stream is destroyed. */
  protected open = new Subscription();
  private reading: Subscription | undefined;
  /** What was asked for before there was a link. */
  private waiting: { readonly work: (link: ModemLink) => void; readonly abandon: () => void }[] = [];
  private taken = 0;
  /** Bytes that were written after the peer had closed. */
  private unsaid = 0;
  private turnHeld = false;

  constructor({ allowHalfOpen = false, highWaterMark = HIGH_WATER }: LinkStreamOptions) {
    super({
      allowHalfOpen,
      readableHighWaterMark: highWaterMark,
      writableHighWaterMark: highWaterMark,
      // The event says whether there was an error, so it is emitted here.
      emitClose: false,
    });
  }

  /** Bytes that were written, whether the module has taken them or not. */
  get bytesWritten(): number {
    return this.taken + this.writableLength;
  }

  /** Bytes went in or out. */
  protected abstract active(): void;

  /** Whom an error is about. */
  protected abstract attempt(syscall: 'read' | 'write'): Attempt;

  /** Makes a destroyed stream new. */
  protected renew(): void {
    // As net.Socket does; the streams have no public way.
    (this as unknown as { _undestroy(): void })._undestroy();
    while (this.writableCorked > 0) this.uncork();
    this.open = new Subscription();
    this.link = undefined;
    this.reading = undefined;
    this.bytesRead = 0;
    this.taken = 0;
    this.unsaid = 0;
  }

  /** The link is there: does what was waiting for it. */
  protected proceed(): void {
    for (const { work } of this.waiting.splice(0)) {
      if (this.link !== undefined && !this.destroyed) work(this.link);
    }
    this.uncork();
    // The end of the connection is noticed also while nobody listens.
    if (!this.destroyed && !this.isPaused()) this.read(0);
  }

  override write(chunk: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): boolean {
    this.holdTurn();
    if (typeof encoding === 'function') return super.write(chunk, encoding);
    return super.write(chunk, encoding as BufferEncoding, callback);
  }

  override _read(): void {
    if (this.link === undefined) this.waiting.push({ work: () => this._read(), abandon: () => {} });
    else if (this.reading === undefined) this.startReading(this.link);
    else this.link.resume();
  }

  override _write(chunk: Uint8Array, _: BufferEncoding, callback: Callback): void {
    this.send(chunk, callback);
  }

  override _writev(pieces: { chunk: Uint8Array }[], callback: Callback): void {
    this.send(Buffer.concat(pieces.map(({ chunk }) => chunk)), callback);
  }

  override _final(callback: Callback): void {
    this.whenOpen(callback, (link) => {
      this.open.add(link.close().subscribe({ error: callback, complete: () => callback() }));
    });
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.connecting = false;
    this.open.unsubscribe();
    for (const { abandon } of this.waiting.splice(0)) abandon();
    callback(error);
    process.nextTick(() => this.emit('close', error !== null));
  }

  private startReading(link: ModemLink): void {
    this.reading = new Subscription();
    this.open.add(this.reading);
    this.reading.add(
      link.received$.subscribe({
        next: (bytes) => {
          this.bytesRead += bytes.length;
          this.active();
          if (!this.push(bytes)) link.pause();
        },
        error: (error: unknown) => this.destroy(nodeError(error, this.attempt('read'))),
        complete: () => {
          this.reading?.unsubscribe();
          this.push(null);
          // Emits `end` also when nobody reads and nothing is left.
          this.read(0);
        },
      }),
    );
  }

  /** Sends in portions, so that a long write that makes progress is not idle. */
  private send(bytes: Uint8Array, callback: Callback): void {
    this.whenOpen(callback, (link) => {
      const writes = portionsOf(bytes).map((portion) =>
        link.write(portion).pipe(tap({ complete: () => this.active() })),
      );
      this.open.add(
        merge(...writes).subscribe({
          error: (error: unknown) => this.sendingFailed(link, bytes.length, error, callback),
          complete: () => this.sent(bytes.length, callback),
        }),
      );
    });
  }

  private sent(count: number, callback: Callback): void {
    this.taken += count;
    callback();
  }

  /**
   * When the peer has closed, TCP takes a little more and loses it: only what a kernel would not
   * take either fails. What the peer sent before comes first, if it is being read: an answer that
   * explains why the rest is not wanted, for instance.
   */
  private sendingFailed(link: ModemLink, size: number, cause: unknown, callback: Callback): void {
    const failed = () => callback(nodeError(cause, this.attempt('write')));
    if (!isModemError(cause, 'LINK_CLOSED')) {
      failed();
      return;
    }
    link.ended$.subscribe(({ by }) => {
      const read = this.reading !== undefined && this.readableLength < this.readableHighWaterMark;
      this.unsaid += size;
      if (by === 'remote' && this.unsaid <= SEND_BUFFER) this.sent(size, callback);
      else if (read) this.reading?.add(() => setImmediate(failed));
      else failed();
    });
  }

  /** Does something with the link as soon as there is one. */
  private whenOpen(callback: Callback, work: (link: ModemLink) => void): void {
    if (this.link !== undefined) {
      work(this.link);
      return;
    }
    if (!this.connecting) {
      callback(usageError('ERR_SOCKET_CLOSED', 'Socket is closed'));
      return;
    }
    const message = 'Socket closed before the connection established';
    const abandon = () => callback(usageError('ERR_SOCKET_CLOSED_BEFORE_CONNECTION', message));
    this.waiting.push({ work, abandon });
  }

  /** Keeps what is written until the end of this turn of the event loop. */
  private holdTurn(): void {
    if (this.turnHeld) return;
    this.turnHeld = true;
    this.cork();
    process.nextTick(() => {
      this.turnHeld = false;
      this.uncork();
    });
  }
}

function portionsOf(bytes: Uint8Array): Uint8Array[] {
  const portions = [];
  for (let at = 0; at < bytes.length; at += PORTION) portions.push(bytes.subarray(at, at + PORTION));
  return portions;
}
