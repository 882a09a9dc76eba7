import { CR, isLineEnd, isPadding, LF, lineEnd, PROMPT, SPACE } from './bytes.js';
import { Held } from './held.js';
import { type LineIndex, LONGEST, lineIndex } from './line-index.js';
import type { LineSource } from './line-source.js';
import { TextLine } from './text-line.js';
import type { PrefixTable } from './trie.js';

/** Receives what a {@link FrameScanner} finds. */
export interface FrameSink {
  /** Takes a line; returns whether frames follow. */
  line(line: TextLine): boolean;
  prompt(raw: Uint8Array): void;
  noise(raw: Uint8Array): void;
}

/** How many bytes of padding in a row become noise, so that a stream of padding is not stored. */
const PADDING_LIMIT = 256;

/** From how many bytes on it pays to look for several lines at once. */
const MANY = 256;

/** Finds frames (padding, then a line or a prompt), however the stream is cut into chunks. */
export class FrameScanner {
  promptAwaited = false;
  private readonly prefixes: PrefixTable;
  private readonly sink: FrameSink;
  private readonly lineLimit: number;
  /** An incomplete frame. */
  private readonly held = new Held();
  /** How many of the held bytes are padding before the text. */
  private padding = 0;
  /** The line is too long; the rest of it is noise. */
  private overlong = false;
  /** Finds lines ahead; undefined where that does not pay, or cannot be done. */
  private ahead: LineIndex | undefined = undefined;
  private made: LineIndex | null | undefined = undefined;

  constructor(prefixes: PrefixTable, sink: FrameSink, lineLimit: number) {
    this.prefixes = prefixes;
    this.sink = sink;
    this.lineLimit = lineLimit;
  }

  /** How many bytes of an incomplete frame are held. */
  get incomplete(): number {
    return this.held.length;
  }

  /** Whether the next byte begins a frame. */
  get idle(): boolean {
    return this.held.length === 0 && !this.overlong;
  }

  /** Scans frames from `start` on, or a part of one; returns the index where it stopped. */
  scan(source: LineSource, start: number): number {
    const chunk = source.bytes;
    if (start === 0) this.ahead = chunk.length < MANY ? undefined : this.index();
    if (this.overlong) return this.rest(chunk, start);
    if (this.held.length > 0) return this.goOn(chunk, start);
    if (this.ahead === undefined || chunk.length - start < MANY || this.promptAwaited) {
      return this.frames(source, start, chunk.length);
    }
    const end = this.lines(this.ahead, source, start);
    if (this.ahead === undefined || end === chunk.length) return end;
    if (end > start) return this.frames(source, end, end + 1);
    // After a frame of another form comes another one: there will be more of them.
    this.ahead = undefined;
    return this.frames(source, start, chunk.length);
  }

  /** Scans the frames that begin from `start` to `until`, one after the other; returns where it stopped. */
  private frames(source: LineSource, start: number, until: number): number {
    const { prefixes, sink, lineLimit } = this;
    const chunk = source.bytes;
    // A length that may exceed 32 bits, and reads beyond it, make the engine calculate with floats: a tenth slower.
    const length = chunk.length | 0;
    let frame = start;
    while (frame < until) {
      const plain =
        frame + 2 < length &&
        chunk[frame] === CR &&
        chunk[frame + 1] === LF &&
        (chunk[frame + 2] as number) > SPACE;
      const text = plain ? frame + 2 : paddingEnd(chunk, frame, length);
      if (text - frame === PADDING_LIMIT) {
        sink.noise(chunk.subarray(frame, text));
        return text;
      }
      if (this.promptAwaited && chunk[text] === PROMPT) return this.prompt(chunk, frame, text + 1);
      const limit = lineLimit < length - text ? (text + lineLimit) | 0 : length;
      const prefix = prefixes.find(chunk, text, limit);
      const end = lineEnd(chunk, prefixes.stop, limit);
      if (end < 0) return this.begin(chunk, frame, text);
      if (!sink.line(TextLine.of(source, frame, text, end, prefix))) {
        this.ahead = undefined;
        return end;
      }
      frame = end;
    }
    return frame;
  }

  /** Hands on lines that the index finds, as long as nothing else has to be looked at; returns where the last one ends. */
  private lines(ahead: LineIndex, source: LineSource, start: number): number {
    const { sink } = this;
    const { bytes } = source;
    const { lines, prefixes } = ahead;
    const count = ahead.find(bytes, start);
    const { asked } = ahead;
    let frame = start;
    for (let at = 0; at < 2 * count; at += 2) {
      const textEnd = lines[at] as number;
      const key = lines[at + 1] as number;
      const text = frame + 2 * (key & 1);
      const end = textEnd + 2;
      const prefix = prefixes[key >> 1];
      const line =
        prefix === undefined
          ? TextLine.of(source, frame, text, end, this.prefixes.find(bytes, text, end))
          : TextLine.with(source, frame, text, textEnd, end, prefix);
      const more = sink.line(line);
      frame = end;
      if (!more) {
        this.ahead = undefined;
        break;
      }
      if (this.promptAwaited || ahead.asked !== asked) break;
    }
    return frame;
  }

  /** Returns the index, which is made when a chunk is first large enough; undefined where lines may be too long for it. */
  private index(): LineIndex | undefined {
    if (this.made === undefined) this.made = this.lineLimit < LONGEST + 2 ? null : lineIndex(this.prefixes);
    return this.made ?? undefined;
  }

  private prompt(chunk: Uint8Array, start: number, end: number): number {
    this.promptAwaited = false;
    this.sink.prompt(chunk.subarray(start, end));
    return end;
  }

  /** Emits an incomplete frame as noise. */
  flush(): void {
    if (this.held.length > 0) this.sink.noise(this.held.take());
  }

  /** Holds a frame that the chunk does not complete, unless it is already too long. */
  private begin(chunk: Uint8Array, frame: number, text: number): number {
    const limit = text + this.lineLimit;
    if (limit > chunk.length) {
      this.held.add(chunk, frame, chunk.length);
      this.padding = text - frame;
      return chunk.length;
    }
    this.overlong = true;
    this.sink.noise(chunk.subarray(frame, limit));
    return limit;
  }

  /** Continues the held frame. */
  private goOn(chunk: Uint8Array, start: number): number {
    const { held } = this;
    if (this.padding === held.length) return this.goOnWithPadding(chunk, start);
    if (held.bytes[held.end - 1] !== CR || isLineEnd(chunk[start] as number)) {
      return this.goOnWithText(chunk, start);
    }
    this.heldLine();
    return start;
  }

  private goOnWithPadding(chunk: Uint8Array, start: number): number {
    const { held } = this;
    const end = paddingEnd(chunk, start, Math.min(chunk.length, start + PADDING_LIMIT - held.length));
    held.add(chunk, start, end);
    this.padding = held.length;
    if (this.padding === PADDING_LIMIT) {
      this.sink.noise(held.take());
      return end;
    }
    if (!this.promptAwaited || chunk[end] !== PROMPT) return this.goOnWithText(chunk, end);
    held.add(chunk, end, end + 1);
    this.promptAwaited = false;
    this.sink.prompt(held.take());
    return end + 1;
  }

  private goOnWithText(chunk: Uint8Array, start: number): number {
    const { held } = this;
    const limit = start + this.lineLimit - (held.length - this.padding);
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
    const { source, start } = this.held;
    const { bytes, end } = source;
    this.held.start = end;
    const text = start + this.padding;
    const prefix = this.prefixes.find(bytes, text, end);
    this.sink.line(TextLine.of(source, start, text, end, prefix));
  }

  /** Emits the rest of a line that is too long, up to its line feed, as noise. */
  private rest(chunk: Uint8Array, start: number): number {
    const lineFeed = chunk.indexOf(LF, start);
    const end = lineFeed < 0 ? chunk.length : lineFeed + 1;
    this.overlong = lineFeed < 0;
    this.sink.noise(chunk.subarray(start, end));
    return end;
  }
}

/** Returns where the padding from `start` on ends, or reaches its limit. */
function paddingEnd(bytes: Uint8Array, start: number, length: number): number {
  const limit = start + PADDING_LIMIT < length ? start + PADDING_LIMIT : length;
  let end = start;
  while (end < limit && isPadding(bytes[end] as number)) end += 1;
  return end;
}
