import { COLON, CR, isPadding, SPACE } from './bytes.js';
import type { BlockHeader, Line, ResultCode, Urc } from './line.js';
import type { LineSource } from './line-source.js';
import {
  countFields,
  countIntegers,
  fieldEnd,
  fieldStart,
  fieldText,
  integerAt,
  isFieldQuoted,
  parametersStart,
  splitFields,
} from './parameters.js';
import { type Prefix, UNKNOWN_ECHO, UNKNOWN_TEXT } from './prefix.js';

/**
 * A line as a span of the buffer that it came in. Getters make strings on demand: the prefix and a
 * number or two are enough to handle most lines of a busy stream.
 */
export class TextLine implements Line {
  private readonly source: LineSource;
  private readonly start: number;
  private readonly textStart: number;
  private readonly textEnd: number;
  private readonly end: number;
  private prefix: Prefix;
  /** What the last descriptor has read. */
  private value: { readonly urc: Urc<unknown>; readonly read: unknown } | undefined;

  private constructor(
    source: LineSource,
    start: number,
    textStart: number,
    textEnd: number,
    end: number,
    prefix: Prefix,
  ) {
    this.source = source;
    this.start = start;
    this.textStart = textStart;
    this.textEnd = textEnd;
    this.end = end;
    this.prefix = prefix;
    this.value = undefined;
  }

  /** The line that covers `start` to `end`, whose text begins at `text` with `prefix`. */
  static of(
    source: LineSource,
    start: number,
    text: number,
    end: number,
    prefix: Prefix | undefined,
  ): TextLine {
    const textEnd = textEndOf(source.bytes, text, end);
    // The table does not know where the line ends.
    if (prefix === undefined || (prefix.match === 'line' && text + prefix.text.length !== textEnd)) {
      const unknown = isEcho(source.bytes, text) ? UNKNOWN_ECHO : UNKNOWN_TEXT;
      return new TextLine(source, start, text, textEnd, end, unknown);
    }
    return TextLine.with(source, start, text, textEnd, end, prefix);
  }

  /** The same, if `prefix` is known to fit, and the text ends at `textEnd`. */
  static with(
    source: LineSource,
    start: number,
    text: number,
    textEnd: number,
    end: number,
    prefix: Prefix,
  ): TextLine {
    const line = new TextLine(source, start, text, textEnd, end, prefix);
    for (const accepted of prefix.choice) {
      if (accepted.urc?.accepts?.(line) === false) continue;
      line.prefix = accepted;
      break;
    }
    return line;
  }

  get kind(): Line['kind'] {
    return this.prefix.kind;
  }

  get urc(): Urc<unknown> | undefined {
    return this.prefix.urc;
  }

  get raw(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  get firstByte(): number | undefined {
    return this.bytes[this.start];
  }

  /** How many bytes stand before the text. */
  get padding(): number {
    return this.textStart - this.start;
  }

  get text(): string {
    return this.source.text(this.textStart, this.textEnd);
  }

  get name(): string {
    if (this.prefix.text !== '') return this.prefix.text;
    const colon = this.colon();
    return this.source.text(this.textStart, colon < 0 ? this.textEnd : colon).trimEnd();
  }

  get result(): ResultCode | undefined {
    return this.prefix.result;
  }

  get block(): BlockHeader | undefined {
    return this.prefix.block;
  }

  get payloadLength(): number {
    const count = this.prefix.block?.length(this) ?? 0;
    return count > 0 ? count : 0;
  }

  get fields(): readonly string[] {
    return splitFields(this.source, this.parameters(), this.textEnd);
  }

  get fieldCount(): number {
    return countFields(this.bytes, this.parameters(), this.textEnd);
  }

  get integerCount(): number {
    return countIntegers(this.bytes, this.parameters(), this.textEnd);
  }

  field(index: number): string | undefined {
    const at = this.fieldStart(index);
    return at < 0 ? undefined : fieldText(this.source, at, fieldEnd(this.bytes, at, this.textEnd));
  }

  read<T>(urc: Urc<T>): T | undefined {
    if (this.value === undefined || this.value.urc !== urc) this.value = { urc, read: urc.read(this) };
    return this.value.read as T | undefined;
  }

  quoted(index: number): boolean {
    const at = this.fieldStart(index);
    return at >= 0 && isFieldQuoted(this.bytes, at, fieldEnd(this.bytes, at, this.textEnd));
  }

  int(index: number): number {
    const at = this.fieldStart(index);
    return at < 0 ? Number.NaN : integerAt(this.bytes, at, this.textEnd);
  }

  private get bytes(): Uint8Array {
    return this.source.bytes;
  }

  private fieldStart(index: number): number {
    return fieldStart(this.bytes, this.parameters(), this.textEnd, index);
  }

  /** Where the parameters begin. */
  private parameters(): number {
    const { bytes, prefix, textEnd } = this;
    if (prefix.text !== '') return parametersStart(bytes, this.textStart + prefix.text.length, textEnd);
    const colon = this.colon();
    return colon < 0 ? textEnd : parametersStart(bytes, colon, textEnd);
  }

  private colon(): number {
    const colon = this.bytes.indexOf(COLON, this.textStart);
    return colon < this.textEnd ? colon : -1;
  }
}

function textEndOf(bytes: Uint8Array, start: number, lineEnd: number): number {
  let end = lineEnd;
  if (end - start > 2 && bytes[end - 2] === CR && (bytes[end - 3] as number) > SPACE) return end - 2;
  while (end > start && isPadding(bytes[end - 1] as number)) end -= 1;
  return end;
}

function isEcho(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] as number) | 0x20) === 0x61 && ((bytes[at + 1] as number) | 0x20) === 0x74;
}
