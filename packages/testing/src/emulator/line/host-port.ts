import type { PairEnd } from '@a7600/transport';
import { noise } from '../faults/noise.js';
import { Shaper } from '../faults/shaper.js';
import type { LineContext } from './line.js';

/** The host's end of a line: what came through waits here until the host's program takes it. */
export class HostPort {
  private readonly link: PairEnd;
  private readonly onTaken: () => void;
  private readonly distort: (bytes: Uint8Array) => Uint8Array;
  private readonly shaper: Shaper;
  private pending = 0;

  /** Calls `onTaken` when the program has taken something that waited. */
  constructor(link: PairEnd, { clock, faults }: LineContext, onTaken: () => void) {
    this.link = link;
    this.onTaken = onTaken;
    this.distort = noise(faults, 'to-host');
    this.shaper = new Shaper(clock, faults, (bytes) => this.hand(bytes), onTaken);
  }

  /** Bytes that wait for the program. */
  get waiting(): number {
    return this.pending;
  }

  /** Bytes that have not been taken, those included that are being split or joined. */
  get backlog(): number {
    return this.pending + this.shaper.held;
  }

  deliver(bytes: Uint8Array): void {
    const heard = this.distort(bytes);
    if (heard.length > 0) this.shaper.pass(heard);
  }

  private hand(bytes: Uint8Array): void {
    this.pending += bytes.length;
    let handing = true;
    this.link.write(bytes).subscribe({
      complete: () => {
        this.pending -= bytes.length;
        if (!handing) this.onTaken();
      },
      // The host has gone: `disconnect` follows.
      error: () => {},
    });
    handing = false;
  }
}
