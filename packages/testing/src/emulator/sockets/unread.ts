import type { Endpoint } from '../../networks/network.js';

/** Received bytes that stand together: a datagram, or what came of a stream. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
}

/** What a link has received and the host has not: a stream, or datagrams with their senders. */
export class Unread {
  private readonly pieces: Piece[] = [];
  private size = 0;

  /** Bytes in all. */
  get length(): number {
    return this.size;
  }

  push(piece: Piece): void {
    if (piece.bytes.length === 0) return;
    this.pieces.push(piece);
    this.size += piece.bytes.length;
  }

  /** Takes up to `count` bytes out, whatever they came in. */
  take(count: number): Uint8Array {
    const [first] = this.pieces;
    if (first !== undefined && first.bytes.length >= count) return this.takePiece(count)?.bytes ?? EMPTY;
    const taken = new Uint8Array(Math.min(count, this.size));
    for (let filled = 0; filled < taken.length; ) {
      const part = this.takePiece(taken.length - filled)?.bytes ?? EMPTY;
      taken.set(part, filled);
      filled += part.length;
    }
    return taken;
  }

  /** Takes up to `count` bytes of the first piece out. */
  takePiece(count: number): Piece | undefined {
    const [first] = this.pieces;
    if (first === undefined) return undefined;
    const bytes = first.bytes.subarray(0, count);
    if (bytes.length === first.bytes.length) this.pieces.shift();
    else this.pieces[0] = { ...first, bytes: first.bytes.subarray(count) };
    this.size -= bytes.length;
    return { bytes, from: first.from };
  }

  clear(): void {
    this.pieces.length = 0;
    this.size = 0;
  }
}

const EMPTY = new Uint8Array();
