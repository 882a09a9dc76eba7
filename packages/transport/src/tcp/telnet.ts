/** Telnet's escape byte (RFC 854). */
export const IAC = 255;
export const DONT = 254;
export const DO = 253;
export const WONT = 252;
export const WILL = 251;
const SB = 250;
const SE = 240;

/** What a {@link TelnetParser} finds in the stream. */
export interface TelnetSink {
  /** Data, the escapes removed: a view of what was pushed wherever that is possible. */
  data(bytes: Uint8Array): void;
  /** `WILL`, `WONT`, `DO` or `DONT` and its option. */
  negotiation(verb: number, option: number): void;
  /** A subnegotiation: its option, and its bytes with the escapes removed. */
  subnegotiation(option: number, bytes: Uint8Array): void;
}

/** The longest subnegotiation that is kept; longer ones are dropped whole. */
const LONGEST = 512;

type State = 'data' | 'command' | 'option' | 'sub' | 'sub command';

/**
 * Takes Telnet's escape layer off a stream, however it is cut. Commands without an option (NOP,
 * AYT, …) are dropped, as is what makes no sense; nothing makes it throw, and it keeps at most one
 * subnegotiation of 512 bytes.
 */
export class TelnetParser {
  private readonly sink: TelnetSink;
  private state: State = 'data';
  private verb = 0;
  private sub: number[] = [];
  private overflow = false;

  constructor(sink: TelnetSink) {
    this.sink = sink;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; )
      at = this.state === 'data' ? this.data(chunk, at) : this.step(chunk, at);
  }

  /** Hands on everything up to the next escape. */
  private data(chunk: Uint8Array, from: number): number {
    const iac = chunk.indexOf(IAC, from);
    const end = iac < 0 ? chunk.length : iac;
    if (end > from) this.sink.data(chunk.subarray(from, end));
    if (iac < 0) return end;
    this.state = 'command';
    return iac + 1;
  }

  private step(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] as number;
    switch (this.state) {
      case 'command':
        this.command(chunk, at, byte);
        break;
      case 'option':
        this.state = 'data';
        this.sink.negotiation(this.verb, byte);
        break;
      case 'sub':
        if (byte === IAC) this.state = 'sub command';
        else this.keep(byte);
        break;
      case 'sub command':
        this.subCommand(byte);
        break;
      case 'data':
        return at;
    }
    return at + 1;
  }

  private command(chunk: Uint8Array, at: number, byte: number): void {
    this.state = 'data';
    if (byte === IAC) this.sink.data(chunk.subarray(at, at + 1));
    else if (byte >= WILL) {
      this.verb = byte;
      this.state = 'option';
    } else if (byte === SB) {
      this.state = 'sub';
      this.sub = [];
      this.overflow = false;
    }
  }

  private subCommand(byte: number): void {
    if (byte === IAC) {
      this.state = 'sub';
      this.keep(byte);
      return;
    }
    this.state = 'data';
    const [option, ...bytes] = this.sub;
    this.sub = [];
    if (byte === SE && option !== undefined && !this.overflow) {
      this.sink.subnegotiation(option, Uint8Array.from(bytes));
    }
  }

  private keep(byte: number): void {
    if (this.sub.length < LONGEST) this.sub.push(byte);
    else this.overflow = true;
  }
}

/** Data as it goes out: each 255 doubled. The same array when there is none. */
export function escaped(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = bytes;
  // The search of a Buffer is several times as fast.
  const searched = Buffer.from(buffer, byteOffset, length);
  let escapes = 0;
  for (let at = searched.indexOf(IAC); at >= 0; at = searched.indexOf(IAC, at + 1)) escapes += 1;
  if (escapes === 0) return bytes;
  const out = new Uint8Array(bytes.length + escapes);
  let to = 0;
  for (const byte of bytes) {
    out[to++] = byte;
    if (byte === IAC) out[to++] = IAC;
  }
  return out;
}

/** `WILL`, `WONT`, `DO` or `DONT` of an option. */
export function negotiation(verb: number, option: number): Uint8Array {
  return Uint8Array.of(IAC, verb, option);
}

/** A subnegotiation of an option. */
export function subnegotiation(option: number, bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(IAC, SB, option, ...escaped(bytes), IAC, SE);
}
