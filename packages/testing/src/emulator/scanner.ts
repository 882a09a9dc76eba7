/** Where the bytes of the host go. */
export interface ScannerTarget {
  /** Nothing is scanned while a command runs; what comes meanwhile waits. */
  readonly busy: boolean;
  /** Bytes of a command line as they are typed, its CR included, to be echoed. */
  typed(bytes: Uint8Array): void;
  /** A whole command line without its CR. */
  commandLine(line: string): void;
  /** The payload that {@link Scanner.expectPayload} asked for. */
  payload(bytes: Uint8Array): void;
}

/** Longest command line behind `AT` (AT command manual, 1.4). */
const LINE_BUFFER = 3071 + 2;

/** Takes the host's byte stream apart into command lines and counted payload. */
export class Scanner {
  private readonly target: ScannerTarget;
  private readonly waiting: Uint8Array[] = [];
  private line: number[] = [];
  private overrun = false;
  private payload: { readonly bytes: Uint8Array; filled: number } | undefined;
  private scanning = false;

  constructor(target: ScannerTarget) {
    this.target = target;
  }

  /** Scans what came in, as far as the module is ready for it. */
  feed(bytes: Uint8Array): void {
    this.waiting.push(bytes);
    this.proceed();
  }

  /** The next `count` bytes are payload, whatever they are. */
  expectPayload(count: number): void {
    this.payload = { bytes: new Uint8Array(count), filled: 0 };
  }

  /** Forgets what was typed so far, as a restart does. */
  reset(): void {
    this.waiting.length = 0;
    this.line = [];
    this.overrun = false;
    this.payload = undefined;
  }

  /** Goes on after the module has become ready. */
  proceed(): void {
    if (this.scanning) return;
    this.scanning = true;
    while (this.waiting.length > 0 && (this.payload !== undefined || !this.target.busy)) {
      const bytes = this.waiting.shift() as Uint8Array;
      const used = this.payload === undefined ? this.scanLine(bytes) : this.scanPayload(bytes);
      if (used < bytes.length) this.waiting.unshift(bytes.subarray(used));
    }
    this.scanning = false;
  }

  private scanPayload(bytes: Uint8Array): number {
    const payload = this.payload as NonNullable<typeof this.payload>;
    const part = bytes.subarray(0, payload.bytes.length - payload.filled);
    payload.bytes.set(part, payload.filled);
    payload.filled += part.length;
    if (payload.filled === payload.bytes.length) {
      this.payload = undefined;
      this.target.payload(payload.bytes);
    }
    return part.length;
  }

  /** Scans up to and including the next CR. A line feed, or a lone Ctrl-Z, between lines is nothing. */
  private scanLine(bytes: Uint8Array): number {
    let typedFrom = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === CR) {
        this.target.typed(bytes.subarray(typedFrom, at + 1));
        this.finishLine();
        return at + 1;
      }
      if (this.line.length === 0 && (byte === LF || byte === SUB)) {
        typedFrom = at + 1;
        continue;
      }
      if (this.line.length < LINE_BUFFER) this.line.push(byte);
      else this.overrun = true;
    }
    this.target.typed(bytes.subarray(typedFrom));
    return bytes.length;
  }

  private finishLine(): void {
    // A line that does not fit is refused as a whole, like one that is no command.
    const line = this.overrun ? '?' : String.fromCharCode(...this.line);
    this.line = [];
    this.overrun = false;
    this.target.commandLine(line);
  }
}

const LF = 0x0a;
const CR = 0x0d;
const SUB = 0x1a;
