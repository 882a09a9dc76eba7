/** Bytes after which a stream begins again; not a multiple of what is read or sent at a time. */
const PERIOD = 65_536;

/** What is sent over the connection to a port, again and again: every byte, and another order for each port. */
export function streamOf(port: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: PERIOD }, (_, index) => index * 7 + (index >> 8) * 13 + port));
}

/** Bytes of payload that have passed each port, each compared with the stream that belongs there. */
export class PeerStreams {
  private readonly streams = new Map<number, { readonly twice: Buffer; passed: number }>();

  /** Bytes of all ports. */
  get passed(): number {
    let passed = 0;
    for (const stream of this.streams.values()) passed += stream.passed;
    return passed;
  }

  /** The next bytes of a stream, fewer than it has. */
  next(port: number, length: number): Buffer {
    let stream = this.streams.get(port);
    if (stream === undefined) {
      const once = streamOf(port);
      stream = { twice: Buffer.concat([once, once]), passed: 0 };
      this.streams.set(port, stream);
    }
    const from = stream.passed % PERIOD;
    stream.passed += length;
    return stream.twice.subarray(from, from + length);
  }

  /** Throws where other bytes have come. */
  check(port: number, came: Uint8Array): void {
    if (!this.next(port, came.length).equals(came)) throw new Error(`Other bytes have passed port ${port}.`);
  }
}
