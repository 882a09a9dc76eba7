/** The option `onread` of a `net.Socket`: where received bytes are put, and what is called with them. */
export interface OnRead {
  /** Takes the bytes; a function is called for a buffer each time. */
  readonly buffer: Uint8Array | (() => Uint8Array);
  /** Called with the number of bytes in `buffer`; `false` pauses the socket. */
  readonly callback: (bytesRead: number, buffer: Uint8Array) => unknown;
}

/** Hands received bytes to {@link OnRead}, and keeps those that arrive while the socket is paused. */
export class ReadSink {
  private readonly onRead: OnRead;
  private rest: Uint8Array = new Uint8Array();
  private isPaused = false;
  private onDrained = () => {};

  constructor(onRead: OnRead) {
    this.onRead = onRead;
  }

  /** Takes bytes; returns whether more are wanted. */
  push(bytes: Uint8Array): boolean {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    return this.drain();
  }

  /** Keeps what arrives from now on. */
  pause(): void {
    this.isPaused = true;
  }

  /** Hands on what is kept; returns whether more is wanted. */
  resume(): boolean {
    this.isPaused = false;
    return this.drain();
  }

  /** Calls back as soon as nothing is kept: at once, if that is so already. */
  whenDrained(callback: () => void): void {
    if (this.rest.length === 0) callback();
    else this.onDrained = callback;
  }

  /** Discards what is kept, for a new connection. */
  clear(): void {
    this.rest = new Uint8Array();
    this.isPaused = false;
    this.onDrained = () => {};
  }

  private drain(): boolean {
    const { buffer, callback } = this.onRead;
    while (this.rest.length > 0 && !this.isPaused) {
      const target = typeof buffer === 'function' ? buffer() : buffer;
      const part = this.rest.subarray(0, target.length);
      this.rest = this.rest.subarray(part.length);
      target.set(part);
      if (callback(part.length, target) === false) this.isPaused = true;
    }
    if (this.rest.length === 0) this.onDrained();
    return !this.isPaused;
  }
}
