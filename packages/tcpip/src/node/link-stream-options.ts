import type { OnRead } from './read-sink.js';

/** Settings of a stream over a link. */
export interface LinkStreamOptions {
  /**
   * Stay writable when the peer has ended, as in Node. The module has no half-closed connections:
   * what is written then fails with `EPIPE`. Default false.
   */
  readonly allowHalfOpen?: boolean | undefined;
  /**
   * How long, in ms without a byte from the peer, a connection that was ended from this side stays
   * open for what the peer may still send. Default 2000.
   */
  readonly halfCloseTimeout?: number | undefined;
  /** Bytes that wait in either direction before the other side is held back. Default 65536. */
  readonly highWaterMark?: number | undefined;
  /** Destroys the stream with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
  /** Reads into one buffer instead of emitting `data`. */
  readonly onread?: OnRead | undefined;
}
