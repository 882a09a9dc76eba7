import { BlockBoundary } from './block-boundary.js';
import { NOTHING } from './bytes.js';
import type { Dialect } from './dialect.js';
import type { AtEvent } from './events.js';
import { ExpectedEcho } from './expected-echo.js';
import { FrameScanner, type FrameSink } from './frame-scanner.js';
import { latin1 } from './latin1.js';
import type { Line } from './line.js';
import { LineSource } from './line-source.js';
import { prefixTable } from './prefixes.js';
import type { TextLine } from './text-line.js';
import type { PrefixTable } from './trie.js';

/**
 * - `lines`: frames.
 * - `echo`: a frame that so far matches the expected echo.
 * - `block`: the block after a header.
 * - `data`: data mode.
 */
type Mode = 'lines' | 'echo' | 'block' | 'data';

/** The longest address of a service centre in octets (3GPP TS 24.011, 8.2.5.1). */
const MAX_CENTRE = 11;
const ZERO = 0x30;

/** The decoder that `createDecoder` returns. */
export class StreamDecoder implements FrameSink {
  private readonly prefixes: PrefixTable;
  private readonly sink: (event: AtEvent) => void;
  private readonly scanner: FrameScanner;
  private mode: Mode = 'lines';

  private expected: ExpectedEcho | undefined = undefined;
  /** The current frame is known not to be the expected echo. */
  private compared = false;

  private header: Line | undefined = undefined;
  private remaining = 0;
  /** The first digits of a block that begins with a service centre's address, until both have come. */
  private centre: string | undefined = undefined;
  private readonly boundary = new BlockBoundary();

  private pushing = false;
  private readonly waiting: Uint8Array[] = [];

  constructor(dialect: Dialect, sink: (event: AtEvent) => void, lineLimit: number) {
    this.prefixes = prefixTable(dialect);
    this.sink = sink;
    this.scanner = new FrameScanner(this.prefixes, this, lineLimit);
  }

  get incomplete(): number {
    return this.mode === 'echo' ? (this.expected?.matched ?? 0) : this.scanner.incomplete;
  }

  push(chunk: Uint8Array): void {
    if (this.pushing) {
      this.waiting.push(chunk);
      return;
    }
    this.pushing = true;
    try {
      this.decode(chunk);
      while (this.waiting.length > 0) this.decode(this.waiting.shift() as Uint8Array);
    } finally {
      this.pushing = false;
    }
  }

  awaitPrompt(awaited: boolean): void {
    this.scanner.promptAwaited = awaited;
  }

  expectEcho(payload: Uint8Array | undefined): void {
    const again = this.expected?.take();
    if (this.mode === 'echo') this.mode = 'lines';
    this.expected = payload === undefined || payload.length === 0 ? undefined : new ExpectedEcho(payload);
    this.compared = !this.scanner.idle;
    if (again !== undefined) this.push(again);
  }

  dataMode(): void {
    this.end();
    this.boundary.clear();
    this.mode = 'data';
  }

  lineMode(): void {
    if (this.mode !== 'echo') this.mode = 'lines';
  }

  end(): void {
    this.scanner.flush();
    if (this.mode !== 'echo' || this.expected === undefined) return;
    this.mode = 'lines';
    this.noise(this.expected.take());
  }

  line(line: TextLine): boolean {
    // Most lines follow no block, and to judge one of these as what a block left costs as much as to make it.
    if (this.boundary.header !== undefined) {
      this.afterBlock(line.firstByte, line.kind === 'result' ? line.padding : 0, line);
    }
    if (this.expected !== undefined) this.answered(line);
    if (line.block === undefined) this.sink(line);
    else this.blockHeader(line, line.block.max);
    return this.mode === 'lines' && this.expected === undefined;
  }

  prompt(raw: Uint8Array): void {
    this.compared = false;
    this.afterBlock(raw[0], 0);
    this.sink({ kind: 'prompt', raw });
  }

  noise(raw: Uint8Array): void {
    this.compared = false;
    this.afterBlock(raw[0], 0);
    this.sink({ kind: 'noise', raw });
  }

  /** Checks the first frame after a block; `resultPadding` is the padding of a result, else 0. */
  private afterBlock(first: number | undefined, resultPadding: number, line?: Line): void {
    const { header } = this.boundary;
    if (header === undefined) return;
    const overrun = this.boundary.isOverrun(first, resultPadding, line);
    this.boundary.clear();
    if (overrun) this.sink({ kind: 'overrun', raw: NOTHING, header });
  }

  /** The final result of a command ends the wait for its echo. */
  private answered(line: Line): void {
    this.compared = false;
    // Codes about data mode may come unsolicited, before the echo.
    if (line.kind === 'result' && line.result?.connects !== true) this.expected = undefined;
  }

  /** Prepares for the block after a header. A header with an impossible length is noise. */
  private blockHeader(header: Line, max: number): void {
    const { payloadLength } = header;
    if (payloadLength > max) {
      this.noise(header.raw);
      return;
    }
    if (payloadLength > 0) {
      this.boundary.clear();
      this.mode = 'block';
      this.header = header;
      this.remaining = payloadLength;
      this.centre = header.block?.hasServiceCentre?.(header) === true ? '' : undefined;
    }
    this.sink(header);
  }

  private decode(chunk: Uint8Array): void {
    const source = new LineSource(chunk, chunk.length);
    let at = 0;
    while (at < chunk.length) {
      switch (this.mode) {
        case 'lines':
          if (this.expected === undefined || this.compared || !this.scanner.idle) {
            at = this.scanner.scan(source, at);
          } else this.mode = 'echo';
          break;
        case 'echo':
          at = this.echo(chunk, at);
          break;
        case 'block':
          at = this.blockChunk(chunk, at);
          break;
        case 'data':
          this.sink({ kind: 'data', raw: view(chunk, at, chunk.length) });
          at = chunk.length;
      }
    }
  }

  /** Compares a frame with the expected echo; returns how much of the chunk it used. */
  private echo(chunk: Uint8Array, start: number): number {
    const expected = this.expected as ExpectedEcho;
    const end = expected.compare(chunk, start);
    if (expected.complete) {
      this.mode = 'lines';
      this.expected = undefined;
      this.boundary.clear();
      this.sink({ kind: 'payload-echo', raw: expected.take() });
      return end;
    }
    if (end === chunk.length) return end;
    // It is not the echo: what matched so far, in this chunk and earlier ones, is lines.
    const fits = expected.take();
    this.mode = 'lines';
    this.compared = true;
    this.decode(fits);
    return end;
  }

  /** Adds the length of the service centre's address to what remains of the block, once its length has come. */
  private addCentre(before: string, chunk: Uint8Array, start: number): void {
    const digits = before + latin1(chunk, start, Math.min(chunk.length, start + 2 - before.length));
    this.centre = digits.length < 2 ? digits : undefined;
    // The first digit, a zero, adds nothing.
    const octets = Number.parseInt(digits, 16);
    if (octets <= MAX_CENTRE) this.remaining += 2 * octets;
  }

  private blockChunk(chunk: Uint8Array, start: number): number {
    const header = this.header as Line;
    if (this.centre === '' && chunk[start] !== ZERO) {
      // The length of an address has one digit, so this is a damaged line that looks like a header.
      this.lineMode();
      return start;
    }
    if (this.centre !== undefined) this.addCentre(this.centre, chunk, start);
    const end = Math.min(chunk.length, start + this.remaining);
    this.remaining -= end - start;
    if (this.remaining === 0) {
      this.mode = 'lines';
      this.header = undefined;
    }
    const raw = view(chunk, start, end);
    this.boundary.take(raw, header, this.remaining);
    this.sink({ kind: 'payload', raw, header, remaining: this.remaining });
    return end;
  }
}

/** A part of the chunk, or the chunk itself if it is payload from end to end. */
function view(chunk: Uint8Array, start: number, end: number): Uint8Array {
  return end - start === chunk.length ? chunk : chunk.subarray(start, end);
}
