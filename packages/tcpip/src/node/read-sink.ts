/** The option `onread` of a `net.Socket`: where received bytes are put, and who is called with them. */
export interface OnRead {
  readonly buffer: Uint8Array | (() => Uint8Array);
  /** Called with the number of bytes in `buffer`; false pauses the socket. */
  readonly callback: (bytesRead: number, buffer: Uint8Array) => boolean;
}

/** Hands received bytes to {@link OnRead}, and keeps what came with those that it paused at. */
export class ReadSink {
  private readonly onRead: OnRead;
  private rest: Uint8Array = new Uint8Array();

  constructor(onRead: OnRead) {
    this.onRead = onRead;
  }

  /** Whether more is wanted. */
  push(bytes: Uint8Array): boolean {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    return this.resume();
  }

  /** Hands on what is left; whether more is wanted. */
  resume(): boolean {
    const { buffer, callback } = this.onRead;
    while (this.rest.length > 0) {
      const target = typeof buffer === 'function' ? buffer() : buffer;
      const part = this.rest.subarray(0, target.length);
      this.rest = this.rest.subarray(part.length);
      target.set(part);
      if (!callback(part.length, target)) return false;
    }
    return true;
  }
}
