import type { PairEnd } from '@a7600/transport';

/** The host's end of a line: what came through waits here until the host's program takes it. */
export class HostPort {
  private readonly link: PairEnd;
  private readonly onTaken: () => void;
  private pending = 0;

  /** `onTaken` is told when the program has taken something that waited. */
  constructor(link: PairEnd, onTaken: () => void) {
    this.link = link;
    this.onTaken = onTaken;
  }

  /** Bytes that wait. */
  get waiting(): number {
    return this.pending;
  }

  deliver(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.pending += bytes.length;
    let delivering = true;
    this.link.write(bytes).subscribe({
      complete: () => {
        this.pending -= bytes.length;
        if (!delivering) this.onTaken();
      },
      // The host has gone: `disconnect` follows.
      error: () => {},
    });
    delivering = false;
  }
}
