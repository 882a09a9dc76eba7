import type { Fifo } from '../line/fifo.js';
import { Entry } from './entry.js';
import type { PayloadSize } from './reply.js';

/** What the next bytes of the host are. */
export type ScanMode =
  /** Command lines. */
  | 'lines'
  /** A command is at work: what comes meanwhile waits. */
  | 'wait'
  /** The payload of a command. */
  | 'payload'
  /** Bytes for the peer of a transparent connection. */
  | 'data';

/** Where the bytes of the host go. */
export interface ScannerTarget {
  /** Asked before each chunk. */
  readonly scanMode: ScanMode;
  /** `ATS3` and `ATS5`: what ends a command line, and what erases a character of it. */
  readonly lineEnd: number;
  readonly eraser: number;
  /** Bytes of a command line or a payload as they are typed, to be echoed. */
  typed(bytes: Uint8Array, what: 'line' | 'payload'): void;
  /** A whole command line without its CR; undefined when it was longer than the buffer. */
  commandLine(line: string | undefined): void;
  /** `A/`: the last command line is to be carried out again; it has no end of its own. */
  repeat(): void;
  /** The payload that {@link Scanner.expectPayload} asked for; undefined when ESC cancelled it. */
  payload(bytes: Uint8Array | undefined): void;
  /** Bytes in data mode; returns how many were taken, the others wait. */
  data(bytes: Uint8Array): number;
}

/**
 * Takes the host's byte stream apart into command lines, payload and data.
 *
 * Many hosts end a command line with CR LF. The LF belongs to the line, also where the CR has
 * already made payload of what follows, and also when it comes later from a host that ended its line
 * before in that manner. From a host that ends its lines with a bare CR, an LF that comes after the
 * prompt is payload.
 */
export class Scanner {
  private readonly input: Fifo;
  private readonly target: ScannerTarget;
  /** Longest line, its `AT` included. */
  private readonly limit: number;
  private line: number[] = [];
  private overrun = false;
  private entry: Entry | undefined;
  private scanning = false;
  /** The last byte was the CR of a command line. */
  private behindLine = false;
  /** The host ends its lines with CR LF. */
  private sendsLinefeeds = false;

  constructor(input: Fifo, target: ScannerTarget, limit: number) {
    this.input = input;
    this.target = target;
    this.limit = limit;
  }

  /** The next bytes are payload. */
  expectPayload(size: PayloadSize): void {
    this.entry = new Entry(size);
  }

  /** No payload is expected any more. */
  abandonPayload(): void {
    this.entry = undefined;
  }

  /** Forgets what was typed so far, as a restart does. */
  reset(): void {
    this.input.clear();
    this.line = [];
    this.overrun = false;
    this.entry = undefined;
    this.behindLine = false;
  }

  /** `CONNECT` is about to be printed: what the host sends after that is data, also an LF. */
  connected(): void {
    if (!this.sendsLinefeeds) this.behindLine = false;
  }

  /** Scans what has come in, as far as the module is ready for it. */
  proceed(): void {
    if (this.scanning) return;
    this.scanning = true;
    for (let bytes = this.input.peek(); bytes !== undefined; bytes = this.input.peek()) {
      const used = this.takeLinefeed(bytes) || this.scan(bytes);
      if (used === 0) break;
    }
    this.scanning = false;
  }

  /** Takes the LF of a command line out of the input, if it stands there; returns how many bytes. */
  private takeLinefeed(bytes: Uint8Array): number {
    if (!this.behindLine) return 0;
    this.behindLine = false;
    const { scanMode } = this.target;
    const expected = this.sendsLinefeeds || scanMode === 'wait' || scanMode === 'lines';
    this.sendsLinefeeds = expected && bytes[0] === LF;
    if (!this.sendsLinefeeds) return 0;
    this.input.drop(1);
    return 1;
  }

  /** Takes a part of `bytes` out of the input and hands it on; returns its length. */
  private scan(bytes: Uint8Array): number {
    switch (this.target.scanMode) {
      case 'wait':
        return 0;
      case 'lines':
        return this.scanLine(bytes);
      case 'payload':
        return this.scanPayload(bytes);
      case 'data': {
        const taken = this.target.data(bytes);
        this.input.drop(taken);
        return taken;
      }
    }
  }

  private scanPayload(bytes: Uint8Array): number {
    const { entry } = this;
    if (entry === undefined) return 0;
    const used = entry.feed(bytes);
    this.input.drop(used);
    this.target.typed(bytes.subarray(0, used), 'payload');
    if (entry.state !== 'open') {
      this.entry = undefined;
      this.target.payload(entry.state === 'complete' ? entry.payload() : undefined);
    }
    return used;
  }

  /** Scans up to and including the next end of a line. A line feed, or a lone Ctrl-Z, between lines is nothing. */
  private scanLine(bytes: Uint8Array): number {
    const { lineEnd, eraser } = this.target;
    let typedFrom = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === lineEnd) {
        this.input.drop(at + 1);
        this.target.typed(bytes.subarray(typedFrom, at + 1), 'line');
        this.finishLine();
        return at + 1;
      }
      if (this.line.length === 0 && (byte === LF || byte === SUB)) {
        typedFrom = at + 1;
        continue;
      }
      if (byte === eraser) {
        this.line.pop();
        continue;
      }
      if (this.line.length < this.limit) this.line.push(byte);
      else this.overrun = true;
      if (byte === SLASH && this.isRepetition()) {
        this.input.drop(at + 1);
        this.target.typed(bytes.subarray(typedFrom, at + 1), 'line');
        this.line = [];
        this.target.repeat();
        return at + 1;
      }
    }
    this.input.drop(bytes.length);
    this.target.typed(bytes.subarray(typedFrom), 'line');
    return bytes.length;
  }

  /** `A/` or `a/` at the beginning of a line (V.250, 5.2.4). */
  private isRepetition(): boolean {
    const [letter = 0] = this.line;
    return this.line.length === 2 && String.fromCharCode(letter).toUpperCase() === 'A';
  }

  private finishLine(): void {
    const line = String.fromCharCode(...this.line);
    const { overrun } = this;
    this.line = [];
    this.overrun = false;
    this.behindLine = true;
    const next = this.input.peek();
    // What stands there already came before any prompt.
    if (next?.[0] === LF) {
      this.behindLine = false;
      this.sendsLinefeeds = true;
      this.input.drop(1);
    }
    this.target.commandLine(overrun ? undefined : line);
  }
}

const LF = 0x0a;
const SLASH = 0x2f;
const SUB = 0x1a;
