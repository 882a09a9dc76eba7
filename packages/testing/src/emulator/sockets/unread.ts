import type { Endpoint } from '../../networks/network.js';

/** Received bytes that stand together: a datagram, or what came of a stream. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
}

/** What a link has received and the host has not: a stream, or datagrams with their senders. */
export class Unread {
  private readonly chunks: Chunk[] = [];
  private size = 0;

  /** Bytes in all. */
  get length(): number {
    return this.size;
  }

  push(chunk: Chunk): void {
    if (chunk.bytes.length === 0) return;
    this.chunks.push(chunk);
    this.size += chunk.bytes.length;
  }

  /** Takes up to `count` bytes out, whatever they came in. */
  take(count: number): Uint8Array {
    const [first] = this.chunks;
    if (first !== undefined && first.bytes.length >= count) return this.takeChunk(count)?.bytes ?? EMPTY;
    const taken = new Uint8Array(Math.min(count, this.size));
    for (let filled = 0; filled < taken.length; ) {
      const part = this.takeChunk(taken.length - filled)?.bytes ?? EMPTY;
      taken.set(part, filled);
      filled += part.length;
    }
    return taken;
  }

  /** Takes up to `count` bytes of the first chunk out. */
  takeChunk(count: number): Chunk | undefined {
    const [first] = this.chunks;
    if (first === undefined) return undefined;
    const bytes = first.bytes.subarray(0, count);
    if (bytes.length === first.bytes.length) this.chunks.shift();
    else this.chunks[0] = { ...first, bytes: first.bytes.subarray(count) };
    this.size -= bytes.length;
    return { bytes, from: first.from };
  }

  clear(): void {
    this.chunks.length = 0;
    this.size = 0;
  }
}

const EMPTY = new Uint8Array();
