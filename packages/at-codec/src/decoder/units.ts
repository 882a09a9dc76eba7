import { CR, isFill, isLineEnd, LF, lineEnd, PROMPT, SPACE } from './bytes.js';
import type { Head, HeadTable } from './heads.js';
import { Held } from './held.js';

/** What a {@link UnitScanner} finds. */
export interface UnitSink {
  /** A line: `bytes` from `start` to `end`, its text from `text` on. Says whether units go on. */
  line(bytes: Uint8Array, start: number, text: number, end: number, head: Head | undefined): boolean;
  prompt(raw: Uint8Array): void;
  noise(raw: Uint8Array): void;
}

/** Fill between two units that is given out as noise, so that a stream of it is not stored. */
const FILL_LIMIT = 256;

/** Finds units, that is, fill and then a line or a prompt, wherever the chunks were cut. */
export class UnitScanner {
  promptAwaited = false;
  private readonly heads: HeadTable;
  private readonly sink: UnitSink;
  private readonly lineLimit: number;
  /** The beginning of a unit. */
  private readonly held = new Held();
  /** How many of the bytes held stand in front of the text. */
  private fill = 0;
  /** The line has become too long; what is left of it is noise. */
  private overlong = false;

  constructor(heads: HeadTable, sink: UnitSink, lineLimit: number) {
    this.heads = heads;
    this.sink = sink;
    this.lineLimit = lineLimit;
  }

  /** Whether the next byte begins a unit. */
  get idle(): boolean {
    return this.held.length === 0 && !this.overlong;
  }

  /** Takes units from `start` on, at least a part of one; returns how far it came. */
  scan(chunk: Uint8Array, start: number): number {
    if (this.overlong) return this.rest(chunk, start);
    if (this.held.length > 0) return this.goOn(chunk, start);
    const { heads, sink, lineLimit } = this;
    const { length } = chunk;
    let unit = start;
    while (unit < length) {
      const plain = chunk[unit] === CR && chunk[unit + 1] === LF && (chunk[unit + 2] as number) > SPACE;
      const text = plain ? unit + 2 : fillEnd(chunk, unit, length);
      if (text - unit === FILL_LIMIT) {
        sink.noise(chunk.subarray(unit, text));
        return text;
      }
      if (this.promptAwaited && chunk[text] === PROMPT) return this.prompt(chunk, unit, text + 1);
      const limit = text + lineLimit < length ? text + lineLimit : length;
      const head = heads.find(chunk, text, limit);
      const end = lineEnd(chunk, heads.stop, limit);
      if (end < 0) return this.begin(chunk, unit, text);
      if (!sink.line(chunk, unit, text, end, head)) return end;
      unit = end;
    }
    return unit;
  }

  private prompt(chunk: Uint8Array, start: number, end: number): number {
    this.promptAwaited = false;
    this.sink.prompt(chunk.subarray(start, end));
    return end;
  }

  /** Gives out what is held as noise. */
  flush(): void {
    if (this.held.length > 0) this.sink.noise(this.held.take());
  }

  /** Holds a unit that the chunk does not complete, unless it is too long already. */
  private begin(chunk: Uint8Array, unit: number, text: number): number {
    const limit = text + this.lineLimit;
    if (limit > chunk.length) {
      this.held.add(chunk, unit, chunk.length);
      this.fill = text - unit;
      return chunk.length;
    }
    this.overlong = true;
    this.sink.noise(chunk.subarray(unit, limit));
    return limit;
  }

  /** Goes on with the unit that is held. */
  private goOn(chunk: Uint8Array, start: number): number {
    const { held } = this;
    if (this.fill === held.length) return this.goOnWithFill(chunk, start);
    if (held.bytes[held.end - 1] !== CR || isLineEnd(chunk[start] as number)) {
      return this.goOnWithText(chunk, start);
    }
    this.heldLine();
    return start;
  }

  private goOnWithFill(chunk: Uint8Array, start: number): number {
    const { held } = this;
    const end = fillEnd(chunk, start, Math.min(chunk.length, start + FILL_LIMIT - held.length));
    held.add(chunk, start, end);
    this.fill = held.length;
    if (this.fill === FILL_LIMIT) {
      this.sink.noise(held.take());
      return end;
    }
    if (end === chunk.length) return end;
    if (!this.promptAwaited || chunk[end] !== PROMPT) return this.goOnWithText(chunk, end);
    held.add(chunk, end, end + 1);
    this.promptAwaited = false;
    this.sink.prompt(held.take());
    return end + 1;
  }

  private goOnWithText(chunk: Uint8Array, start: number): number {
    const { held } = this;
    const limit = start + this.lineLimit - (held.length - this.fill);
    const to = limit < chunk.length ? limit : chunk.length;
    const end = lineEnd(chunk, start, to);
    if (end >= 0) {
      held.add(chunk, start, end);
      this.heldLine();
      return end;
    }
    held.add(chunk, start, to);
    if (to === limit) {
      this.overlong = true;
      this.sink.noise(held.take());
    }
    return to;
  }

  private heldLine(): void {
    const { bytes, start, end } = this.held;
    this.held.start = end;
    const text = start + this.fill;
    this.sink.line(bytes, start, text, end, this.heads.find(bytes, text, end));
  }

  /** The rest of a line that is too long, up to its line feed. */
  private rest(chunk: Uint8Array, start: number): number {
    const lineFeed = chunk.indexOf(LF, start);
    const end = lineFeed < 0 ? chunk.length : lineFeed + 1;
    this.overlong = lineFeed < 0;
    this.sink.noise(chunk.subarray(start, end));
    return end;
  }
}

/** Where fill from `start` on ends, or becomes too much of it. */
function fillEnd(bytes: Uint8Array, start: number, length: number): number {
  const limit = start + FILL_LIMIT < length ? start + FILL_LIMIT : length;
  let end = start;
  while (end < limit && isFill(bytes[end] as number)) end += 1;
  return end;
}
