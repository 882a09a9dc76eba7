import { Socket } from 'node:net';
import { Subscription } from 'rxjs';
import { isModemError } from '../base/errors.js';
import { defineGetters } from './getters.js';
import { HalfClose } from './half-close.js';
import { Incoming } from './incoming.js';
import type { LinkStreamOptions } from './link-stream-options.js';
import type { ModemLink } from './modem-network.js';
import { type Attempt, nodeError, usageError } from './node-error.js';
import { type Buffered, bufferedBytes, bytesOf, type Chunk, inPortions } from './outgoing.js';

const HIGH_WATER = 65_536;
const HALF_CLOSE_TIMEOUT = 2_000;
/**
 * Bytes that a kernel would accept after the peer has closed, and lose. Their callbacks are called
 * with `EPIPE`, but a program that says goodbye to a peer that has left sees no `error`.
 */
const SEND_BUFFER = 16_384;

type Callback = (error?: Error | null) => void;
/**
 * A stream over a link that may come later. What is written in one turn of the event loop, or
 * before the link is there, is handed over together.
 */
export abstract class LinkStream extends Socket {
  /** The link, once there is one. */
  protected link: ModemLink | undefined;
  /** What has to be given back when the stream is destroyed. */
  protected open = new Subscription();
  private reading: Subscription | undefined;
  private readonly incoming: Incoming;
  /** What was asked for before there was a link. */
  private waiting: { readonly work: (link: ModemLink) => void; readonly abandon: () => void }[] = [];
  private accepted = 0;
  /** What is being sent, and who is called when it is. */
  private sending: { readonly size: number; readonly callback: Callback } | undefined;
  /** Bytes that were written after the peer had closed. */
  private unsent = 0;
  /**
   * The error that the stream is destroyed with, when it is not one of the `error` event: who wrote
   * or reads to the end gets it, a program that has said goodbye does not.
   */
  private quietError: Error | undefined;
  private turnHeld = false;
  private peerEnded = false;
  private readonly halfCloseTimeout: number;
  private halfClose: HalfClose | undefined;
  /** What net.Socket itself listens with. */
  private readonly ownListeners: readonly unknown[];

  constructor(options: LinkStreamOptions) {
    const { allowHalfOpen = false, highWaterMark = HIGH_WATER, onread } = options;
    const marks = { readableHighWaterMark: highWaterMark, writableHighWaterMark: highWaterMark };
    super({ allowHalfOpen, ...marks });
    this.ownListeners = this.listeners('end');
    this.incoming = new Incoming(this, onread);
    this.halfCloseTimeout = options.halfCloseTimeout ?? HALF_CLOSE_TIMEOUT;
  }

  static {
    defineGetters(LinkStream.prototype, {
      bytesRead: (stream) => stream.incoming.bytesRead,
      // Whether the module has accepted them or not.
      bytesWritten: (stream) => stream.accepted + (stream.sending?.size ?? 0) + bufferedBytes(stream),
      bufferSize: (stream) => (stream.pending && !stream.connecting ? undefined : stream.writableLength),
    });
  }

  /** Between `connect()` and the event `connect`. */
  protected setConnecting(connecting: boolean): void {
    // A property that only net.Socket itself is meant to write.
    (this as { connecting: boolean }).connecting = connecting;
  }

  /** Bytes were sent or received. */
  protected abstract active(): void;

  /** What an error is about. */
  /** @internal */
  protected abstract attempt(syscall: 'read' | 'write'): Attempt;

  /** Calls back once the module has given up what the stream holds of it. */
  protected abstract whenReleased(callback: () => void): void;

  /** Makes a destroyed stream new. */
  protected renew(): void {
    // As net.Socket does; the streams have no public way.
    (this as unknown as { _undestroy(): void })._undestroy();
    // When the peer ends, net.Socket puts a `write` of its own before this class's.
    Reflect.deleteProperty(this, 'write');
    while (this.writableCorked > 0) this.uncork();
    this.open = new Subscription();
    this.link = undefined;
    this.reading = undefined;
    this.incoming.clear();
    this.sending = undefined;
    this.halfClose = undefined;
    this.quietError = undefined;
    this.peerEnded = false;
    this.accepted = 0;
    this.unsent = 0;
  }

  /** The stream has begun: nothing that was received is handed on in the turn of the event that says so. */
  protected takeTurn(): void {
    this.incoming.takeTurn();
  }

  /** The link is there: does what was waiting for it. */
  protected begin(): void {
    for (const { work } of this.waiting.splice(0)) {
      if (this.link !== undefined && !this.destroyed) work(this.link);
    }
    this.uncork();
    // The end of the connection is noticed also without a listener.
    if (!this.destroyed && !this.isPaused()) this.read(0);
  }

  override write(
    chunk: Uint8Array | string,
    encoding?: unknown,
    callback?: (error?: Error | null) => void,
  ): boolean {
    this.holdTurn();
    if (typeof encoding === 'function') return super.write(chunk, encoding as Callback);
    return super.write(chunk, encoding as BufferEncoding, callback);
  }

  override pause(): this {
    this.incoming.pause(this.link);
    super.pause();
    return this;
  }

  override resume(): this {
    this.incoming.resume(this.link);
    super.resume();
    return this;
  }

  override _read(): void {
    if (this.link === undefined) this.waiting.push({ work: () => this._read(), abandon: () => {} });
    else if (this.reading === undefined) this.startReading(this.link);
    else this.link.resume();
  }

  /** @internal */
  override _write(chunk: Chunk, encoding: BufferEncoding, callback: Callback): void {
    this.send(bytesOf(chunk, encoding), callback);
  }

  /** @internal */
  override _writev(chunks: Buffered[], callback: Callback): void {
    this.send(Buffer.concat(chunks.map(({ chunk, encoding }) => bytesOf(chunk, encoding))), callback);
  }

  /** @internal */
  override _final(callback: Callback): void {
    const { link } = this;
    // A socket that is not connecting may be told to later.
    if (link === undefined) this.waiting.push({ work: () => this._final(callback), abandon: callback });
    else if (this.peerEnded) callback();
    else if (this.isRead() || this.allowHalfOpen) {
      const isDelayed = () => this.isRead() && this.incoming.isDelayed;
      this.halfClose = new HalfClose(this.halfCloseTimeout, isDelayed, () => this.closeLink(link));
      callback();
    } else this.closeLink(link, callback);
  }

  /** @internal */
  override _destroy(error: Error | null, callback: Callback): void {
    this.setConnecting(false);
    this.halfClose?.stop();
    this.open.unsubscribe();
    for (const { abandon } of this.waiting.splice(0)) abandon();
    const shown = error === this.quietError ? null : error;
    callback(shown);
    this.sending?.callback(error ?? usageError('ERR_STREAM_DESTROYED', DESTROYED));
    this.whenReleased(() => setImmediate(() => this.emit('close', shown !== null)));
  }

  /** Whether anybody takes what is received or waits for the end. */
  private isRead(): boolean {
    if (this.listenerCount('data') + this.listenerCount('readable') > 0) return true;
    const awaitsEnd = this.listeners('end').some((listener) => !this.ownListeners.includes(listener));
    return awaitsEnd || this.incoming.hasSink;
  }

  /**
   * Closes the link after what was written. No `end` comes of that, since the peer may have had
   * more to say: a reader sees a stream that was closed too early.
   */
  private closeLink(link: ModemLink, callback: Callback = () => {}): void {
    const closed = () => {
      callback();
      process.nextTick(() => {
        if (this.peerEnded || this.destroyed) return;
        this.quietError = usageError('ERR_STREAM_PREMATURE_CLOSE', CLOSED_EARLY);
        this.destroy(this.quietError);
      });
    };
    this.open.add(link.close().subscribe({ error: callback, complete: closed }));
  }

  private startReading(link: ModemLink): void {
    this.reading = new Subscription();
    this.open.add(this.reading);
    this.open.add(
      link.ended$.subscribe(({ by }) => {
        this.peerEnded = by === 'remote';
      }),
    );
    this.reading.add(
      link.received$.subscribe({
        next: (bytes) => {
          this.active();
          this.halfClose?.refresh();
          this.incoming.receive(bytes, link);
        },
        error: (error: unknown) =>
          this.incoming.inTurn(() => this.destroy(nodeError(error, this.attempt('read')))),
        complete: () => this.incoming.inTurn(() => this.ended()),
      }),
    );
  }

  private ended(): void {
    this.reading?.unsubscribe();
    if (this.peerEnded) this.incoming.end();
  }

  private send(bytes: Uint8Array, callback: Callback): void {
    const done: Callback = (error) => {
      this.sending = undefined;
      callback(error);
    };
    this.sending = { size: bytes.length, callback };
    this.whenOpen(done, (link) => {
      this.active();
      this.open.add(
        inPortions(link, bytes, () => this.active()).subscribe({
          error: (error: unknown) => this.sendingFailed(link, bytes.length, error, done),
          complete: () => {
            this.accepted += bytes.length;
            done();
          },
        }),
      );
    });
  }

  /**
   * What the peer sent before it closed is read first, if it is being read: an answer that explains
   * why the rest is not wanted, for instance.
   */
  private sendingFailed(link: ModemLink, size: number, cause: unknown, done: Callback): void {
    const error = nodeError(cause, this.attempt('write'));
    if (!isModemError(cause, 'LINK_CLOSED')) {
      done(error);
      return;
    }
    this.open.add(
      link.ended$.subscribe(({ by }) => {
        this.unsent += size;
        if (by === 'remote' && this.unsent <= SEND_BUFFER) this.quietError = error;
        const failed = () => done(error);
        const isReading = this.reading !== undefined && this.readableLength < this.readableHighWaterMark;
        if (this.quietError !== undefined && this.isRead() && !this.readableEnded) this.once('end', failed);
        else if (isReading) this.reading?.add(() => setImmediate(failed));
        else failed();
      }),
    );
  }

  /** Does something with the link as soon as there is one. */
  private whenOpen(callback: Callback, work: (link: ModemLink) => void): void {
    if (this.link !== undefined) work(this.link);
    else if (this.connecting) {
      const message = 'Socket closed before the connection established';
      const abandon = () => callback(usageError('ERR_SOCKET_CLOSED_BEFORE_CONNECTION', message));
      this.waiting.push({ work, abandon });
    } else callback(usageError('ERR_SOCKET_CLOSED', 'Socket is closed'));
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

const CLOSED_EARLY =
  'The connection was closed before the peer ended it, so that an answer to end() may be missing: the ' +
  'module has no half-closed connections. The option halfCloseTimeout says how long to wait for the peer.';
const DESTROYED = 'Cannot call write after a stream was destroyed';
