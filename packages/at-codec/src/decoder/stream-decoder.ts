import type { Decoder } from './decoder.js';
import type { Dialect } from './dialect.js';
import type { AtEvent, Line } from './events.js';
import { ExpectedEcho } from './expected-echo.js';
import { type Head, type HeadTable, headTable } from './heads.js';
import { TextLine } from './text-line.js';
import { UnitScanner, type UnitSink } from './units.js';

/**
 * - `lines`: units, one after the other.
 * - `echo`: a unit that so far is the expected echo.
 * - `counted`: the block behind a header.
 * - `data`: everything, until told otherwise.
 */
type Mode = 'lines' | 'echo' | 'counted' | 'data';

/** See {@link Decoder}. */
export class StreamDecoder implements Decoder, UnitSink {
  private readonly heads: HeadTable;
  private readonly sink: (event: AtEvent) => void;
  private readonly units: UnitScanner;
  private mode: Mode = 'lines';

  private expected: ExpectedEcho | undefined = undefined;
  /** The unit that begins is known not to be the expected echo. */
  private compared = false;

  private header: Line | undefined = undefined;
  private remaining = 0;
  /**
   * The byte behind the block, looked at before the block is handed out: a long chunk has to be
   * fetched from memory where the next line begins, and that goes on meanwhile.
   */
  protected behind: number | undefined = undefined;

  private pushing = false;
  private readonly waiting: Uint8Array[] = [];

  constructor(dialect: Dialect, sink: (event: AtEvent) => void, lineLimit: number) {
    this.heads = headTable(dialect);
    this.sink = sink;
    this.units = new UnitScanner(this.heads, this, lineLimit);
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
    this.units.promptAwaited = awaited;
  }

  expectEcho(payload: Uint8Array | undefined): void {
    const again = this.mode === 'echo' ? this.expected?.take() : undefined;
    if (this.mode === 'echo') this.mode = 'lines';
    this.expected = payload === undefined || payload.length === 0 ? undefined : new ExpectedEcho(payload);
    this.compared = !this.units.idle;
    if (again !== undefined) this.push(again);
  }

  dataMode(): void {
    this.end();
    this.mode = 'data';
  }

  lineMode(): void {
    if (this.mode !== 'echo') this.mode = 'lines';
  }

  end(): void {
    this.units.flush();
    if (this.mode !== 'echo' || this.expected === undefined) return;
    this.mode = 'lines';
    this.noise(this.expected.take());
  }

  line(bytes: Uint8Array, start: number, text: number, end: number, head: Head | undefined): boolean {
    const line = TextLine.of(bytes, start, text, end, head);
    if (this.expected !== undefined) this.answered(line);
    if (line.counted === undefined) this.sink(line);
    else this.countedLine(line, line.counted.max, bytes, end);
    return this.mode === 'lines' && this.expected === undefined;
  }

  prompt(raw: Uint8Array): void {
    this.compared = false;
    this.sink({ kind: 'prompt', raw });
  }

  noise(raw: Uint8Array): void {
    this.compared = false;
    this.sink({ kind: 'noise', raw });
  }

  /** The final result of a command ends the wait for its echo; other lines are no part of it. */
  private answered(line: Line): void {
    this.compared = false;
    // What is about data mode may come unasked, in front of the echo.
    if (line.kind === 'result' && line.result?.connects !== true) this.expected = undefined;
  }

  /** Gets ready for the block that a header announces; one that cannot be that long is noise. */
  private countedLine(header: Line, max: number, bytes: Uint8Array, end: number): void {
    const { announces } = header;
    if (announces > max) {
      this.noise(header.raw);
      return;
    }
    if (announces > 0) {
      this.mode = 'counted';
      this.header = header;
      this.remaining = announces;
      this.behind = bytes[end + announces];
    }
    this.sink(header);
  }

  private decode(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      switch (this.mode) {
        case 'lines':
          if (this.expected === undefined || this.compared || !this.units.idle) {
            at = this.units.scan(chunk, at);
          } else this.mode = 'echo';
          break;
        case 'echo':
          at = this.echo(chunk, at);
          break;
        case 'counted':
          at = this.counted(chunk, at);
          break;
        case 'data':
          this.sink({ kind: 'data', raw: view(chunk, at, chunk.length) });
          at = chunk.length;
      }
    }
  }

  /** Compares a unit with the expected echo; returns how far the chunk is used up. */
  private echo(chunk: Uint8Array, start: number): number {
    const expected = this.expected as ExpectedEcho;
    const end = expected.compare(chunk, start);
    if (expected.complete) {
      this.mode = 'lines';
      this.expected = undefined;
      this.sink({ kind: 'payload-echo', raw: expected.take() });
      return end;
    }
    if (end === chunk.length) return end;
    // Something else: what was taken for the echo in this chunk and the ones before is lines.
    const fits = expected.take();
    this.mode = 'lines';
    this.compared = true;
    this.decode(fits);
    return end;
  }

  private counted(chunk: Uint8Array, start: number): number {
    const header = this.header as Line;
    const end = Math.min(chunk.length, start + this.remaining);
    this.remaining -= end - start;
    if (this.remaining === 0) {
      this.mode = 'lines';
      this.header = undefined;
    }
    this.sink({ kind: 'payload', raw: view(chunk, start, end), header, remaining: this.remaining });
    return end;
  }
}

/** A part of the chunk, or the chunk itself: small chunks are often payload from end to end. */
function view(chunk: Uint8Array, start: number, end: number): Uint8Array {
  return end - start === chunk.length ? chunk : chunk.subarray(start, end);
}
