import { checksum } from './checksum.js';
import { DISC, DM, FLAG, type MuxFrame, POLL, SABM, UA, UI, UIH } from './frame.js';

/** What the next byte is. */
type Place = 'flag' | 'address' | 'control' | 'length' | 'more length' | 'payload' | 'check' | 'end';

const CONTROLS = new Set([SABM, UA, DM, DISC, UIH, UI]);

/**
 * Reads the frames of a host, byte by byte. What is no frame is dropped: up to the next flag after a wrong
 * byte, and the whole frame where its checksum or its closing flag is wrong. `accept` is called for each frame.
 */
export class FrameScanner {
  private readonly limit: number;
  private readonly accept: (frame: MuxFrame) => void;
  private place: Place = 'flag';
  private head: number[] = [];
  private payload: number[] = [];
  private length = 0;
  private intact = false;

  /** `limit` is the longest payload in bytes. */
  constructor(limit: number, accept: (frame: MuxFrame) => void) {
    this.limit = limit;
    this.accept = accept;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) this.place = this.read(byte);
  }

  private read(byte: number): Place {
    switch (this.place) {
      case 'flag':
        return byte === FLAG ? 'address' : 'flag';
      case 'address':
        // Flags between frames are one flag.
        if (byte === FLAG) return 'address';
        this.head = [byte];
        return (byte & 1) === 1 ? 'control' : 'flag';
      case 'control':
        this.head.push(byte);
        return CONTROLS.has(byte & ~POLL) ? 'length' : 'flag';
      case 'length':
        this.head.push(byte);
        this.length = byte >> 1;
        return (byte & 1) === 1 ? this.begin() : 'more length';
      case 'more length':
        this.head.push(byte);
        this.length += byte << 7;
        return this.begin();
      case 'payload':
        this.payload.push(byte);
        return this.payload.length === this.length ? 'check' : 'payload';
      case 'check':
        this.intact = byte === checksum(this.checked);
        return 'end';
      case 'end':
        if (byte !== FLAG) return 'flag';
        if (this.intact) this.finish();
        return 'address';
    }
  }

  /** UI frames alone have a checksum over their payload too. */
  private get checked(): number[] {
    const [, control = 0] = this.head;
    return (control & ~POLL) === UI ? [...this.head, ...this.payload] : this.head;
  }

  private begin(): Place {
    this.payload = [];
    if (this.length > this.limit) return 'flag';
    return this.length === 0 ? 'check' : 'payload';
  }

  private finish(): void {
    const [address = 0, control = 0] = this.head;
    const payload = Uint8Array.from(this.payload);
    this.accept({ dlci: address >> 2, cr: (address & 2) !== 0, control, payload });
  }
}
