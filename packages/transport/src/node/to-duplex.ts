import { Duplex } from 'node:stream';
import type { Observable, Subscription } from 'rxjs';
import type { ByteLink } from '../byte-link.js';

/**
 * A link as a Node stream, with backpressure both ways.
 *
 * The link is paused while the stream has no reader; the stream ends with the link and is destroyed with
 * its error when the link is lost. A write's callback comes when the link has accepted the bytes;
 * what is written meanwhile is handed over together. `end()` ends the outgoing direction where the
 * link can, else it closes the link after the last write. `destroy()` closes the link.
 *
 * @param link the link; the stream is its only user from now on
 * @returns the stream
 */
export function toDuplex(link: ByteLink): Duplex {
  return new LinkStream(link);
}

/** Bytes that wait in either direction before the other side is held back. */
const HIGH_WATER = 262_144;
/** Chunks that are smaller on average are handed over together; larger ones are not worth a copy. */
const SMALL_CHUNK = 8_192;

type Callback = (error?: Error | null) => void;

class LinkStream extends Duplex {
  private readonly link: ByteLink;
  private reading: Subscription | undefined;

  constructor(link: ByteLink) {
    super({
      allowHalfOpen: link.end !== undefined,
      readableHighWaterMark: HIGH_WATER,
      writableHighWaterMark: HIGH_WATER,
    });
    this.link = link;
  }

  override _read(): void {
    if (this.reading !== undefined) {
      this.link.resume();
      return;
    }
    this.reading = this.link.received$.subscribe({
      next: (bytes) => {
        if (!this.push(bytes)) this.link.pause();
      },
      error: (error: Error) => this.destroy(error),
      complete: () => this.push(null),
    });
  }

  override _write(bytes: Uint8Array, _: BufferEncoding, callback: Callback): void {
    run(this.link.write(bytes), callback);
  }

  override _writev(chunks: { chunk: Uint8Array }[], callback: Callback): void {
    let size = 0;
    for (const { chunk } of chunks) size += chunk.length;
    if (size < chunks.length * SMALL_CHUNK) {
      const together = Buffer.concat(
        chunks.map(({ chunk }) => chunk),
        size,
      );
      run(this.link.write(together), callback);
    } else this.writeEach(chunks, callback);
  }

  /** Hands all over at once, in order; calls back when the last one is accepted, or once on a failure. */
  private writeEach(chunks: { chunk: Uint8Array }[], callback: Callback): void {
    let waiting = chunks.length;
    const accepted = {
      error: (error: Error) => {
        if (waiting > 0) callback(error);
        waiting = 0;
      },
      complete: () => {
        waiting -= 1;
        if (waiting === 0) callback();
      },
    };
    for (const { chunk } of chunks) this.link.write(chunk).subscribe(accepted);
  }

  override _final(callback: Callback): void {
    run(this.link.end?.() ?? this.link.close(), callback);
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.reading?.unsubscribe();
    run(this.link.close(), () => callback(error));
  }
}

function run(work: Observable<never>, callback: Callback): void {
  work.subscribe({ error: callback, complete: () => callback() });
}
