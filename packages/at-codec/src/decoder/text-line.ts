import type { Urc } from '../urc.js';
import { COLON, COMMA, isFill, latin1, MINUS, QUOTE, SPACE } from './bytes.js';
import type { CountedHeader, ResultCode } from './dialect.js';
import type { Line } from './events.js';
import type { Head } from './heads.js';

/**
 * A line as a span of the buffer that it came in. Strings are made when somebody asks: most lines
 * of a busy stream are told apart by their first bytes and a number or two.
 */
export class TextLine implements Line {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly textStart: number;
  readonly textEnd: number;
  readonly end: number;
  readonly head: Head | undefined;
  kind: Line['kind'] = 'text';
  announces = 0;
  urc: Urc<unknown> | undefined = undefined;
  private cachedFields: readonly Field[] | undefined = undefined;

  /** `start` to `end` is all that the line covers, `textStart` to `lineFeed` begins with its text. */
  constructor(
    bytes: Uint8Array,
    start: number,
    textStart: number,
    lineFeed: number,
    findHead: (bytes: Uint8Array, start: number, end: number) => Head | undefined,
  ) {
    let textEnd = lineFeed;
    while (textEnd > textStart && isFill(bytes[textEnd - 1] as number)) textEnd -= 1;
    this.bytes = bytes;
    this.start = start;
    this.textStart = textStart;
    this.textEnd = textEnd;
    this.end = lineFeed + 1;
    this.head = findHead(bytes, textStart, textEnd);
    this.classify();
  }

  get raw(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  get text(): string {
    return latin1(this.bytes, this.textStart, this.textEnd);
  }

  get name(): string {
    if (this.head !== undefined) return this.head.text;
    const colon = this.bytes.indexOf(COLON, this.textStart);
    const end = colon < 0 || colon >= this.textEnd ? this.textEnd : colon;
    return latin1(this.bytes, this.textStart, end).trimEnd();
  }

  get result(): ResultCode | undefined {
    return this.kind === 'result' ? this.head?.result : undefined;
  }

  get counted(): CountedHeader | undefined {
    return this.head?.counted;
  }

  get fields(): readonly string[] {
    return this.parsed().map((field) => field.text);
  }

  quoted(index: number): boolean {
    return this.parsed()[index]?.quoted ?? false;
  }

  int(index: number): number {
    const { bytes, textEnd } = this;
    let at = this.parametersAt();
    if (at >= textEnd) return Number.NaN;
    let inQuotes = false;
    for (let commas = index; commas > 0; at++) {
      if (at >= textEnd) return Number.NaN;
      const byte = bytes[at];
      if (byte === QUOTE) inQuotes = !inQuotes;
      else if (byte === COMMA && !inQuotes) commas -= 1;
    }
    return integerAt(bytes, at, textEnd);
  }

  private classify(): void {
    const { head } = this;
    if (head === undefined) {
      if (isEcho(this.bytes, this.textStart)) this.kind = 'echo';
      return;
    }
    if (head.result !== undefined) {
      this.kind = 'result';
      return;
    }
    for (const urc of head.urcs) {
      if (urc.accepts === undefined || urc.accepts(this)) {
        this.kind = 'urc';
        this.urc = urc;
        break;
      }
    }
    if (head.counted !== undefined) this.announces = head.counted.count(this) ?? 0;
  }

  private parametersAt(): number {
    const { bytes, head, textStart, textEnd } = this;
    if (head === undefined) {
      const colon = bytes.indexOf(COLON, textStart);
      return colon < 0 || colon >= textEnd ? textEnd : skipBlanks(bytes, colon + 1, textEnd);
    }
    let at = skipBlanks(bytes, textStart + head.text.length, textEnd);
    if (at < textEnd && isSeparator(bytes[at] as number)) at = skipBlanks(bytes, at + 1, textEnd);
    return at;
  }

  private parsed(): readonly Field[] {
    this.cachedFields ??= parseFields(latin1(this.bytes, this.parametersAt(), this.textEnd));
    return this.cachedFields;
  }
}

interface Field {
  readonly text: string;
  readonly quoted: boolean;
}

function parseFields(parameters: string): Field[] {
  if (parameters === '') return [];
  const fields: Field[] = [];
  let start = 0;
  let inQuotes = false;
  for (let at = 0; at <= parameters.length; at++) {
    const char = parameters[at];
    if (char === '"') inQuotes = !inQuotes;
    if (char !== undefined && (char !== ',' || inQuotes)) continue;
    const text = parameters.slice(start, at).trim();
    const quoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
    fields.push({ text: quoted ? text.slice(1, -1) : text, quoted });
    start = at + 1;
  }
  return fields;
}

/** The integer that starts at `at` and reaches to the next comma, `)` or closing colon, or NaN. */
function integerAt(bytes: Uint8Array, from: number, end: number): number {
  let at = skipBlanks(bytes, from, end);
  const negative = bytes[at] === MINUS;
  if (negative) at += 1;
  const first = at;
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === first) return Number.NaN;
  at = skipBlanks(bytes, at, end);
  const closing = bytes[at] === 0x29 || bytes[at] === COLON;
  if (at < end && bytes[at] !== COMMA && !(closing && at + 1 === end)) return Number.NaN;
  return negative ? -value : value;
}

function skipBlanks(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] === SPACE) at += 1;
  return at;
}

/** What may stand between a name and its parameters: `: `, `,` (`+RECEIVE,0,16`), `(` (`+IPD(16)`). */
function isSeparator(byte: number): boolean {
  return byte === COLON || byte === COMMA || byte === 0x28;
}

function isEcho(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] as number) | 0x20) === 0x61 && ((bytes[at + 1] as number) | 0x20) === 0x74;
}
