import { COLON, COMMA, MINUS, QUOTE, SPACE } from './bytes.js';
import type { LineSource } from './line-source.js';

const OPENING = 0x28;
const CLOSING = 0x29;

/**
 * Returns where the parameters begin after a name that ends at `at`. Spaces and at most one of `:`,
 * `,` (`+RECEIVE,0,16`) and `(` (`+IPD(16)`) separate the two.
 */
export function parametersStart(bytes: Uint8Array, at: number, end: number): number {
  // As modules print it nearly always.
  if (at + 2 < end && bytes[at] === COLON && bytes[at + 1] === SPACE && bytes[at + 2] !== SPACE)
    return at + 2;
  const separator = skipSpaces(bytes, at, end);
  if (separator >= end) return end;
  const byte = bytes[separator];
  const separates = byte === COLON || byte === COMMA || byte === OPENING;
  return separates ? skipSpaces(bytes, separator + 1, end) : separator;
}

/** Returns where field `index` (from 0) of the parameters from `start` to `end` begins, or -1. */
export function fieldStart(bytes: Uint8Array, start: number, end: number, index: number): number {
  if (start >= end) return -1;
  let at = start;
  let inQuotes = false;
  for (let commas = index; commas > 0; at++) {
    if (at >= end) return -1;
    const byte = bytes[at];
    if (byte === QUOTE) inQuotes = !inQuotes;
    else if (byte === COMMA && !inQuotes) commas -= 1;
  }
  return skipSpaces(bytes, at, end);
}

/** Counts the fields of the parameters from `start` to `end`. */
export function countFields(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return 0;
  let count = 1;
  let inQuotes = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) inQuotes = !inQuotes;
    else if (byte === COMMA && !inQuotes) count += 1;
  }
  return count;
}

/** Counts the fields if each of them is an integer; returns -1 otherwise. */
export function countIntegers(bytes: Uint8Array, start: number, end: number): number {
  // Digits with a comma between them, as modules print them, need no closer look.
  let commas = 0;
  let comma = true;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (isDigit(byte)) comma = false;
    else if (byte === COMMA && !comma) {
      comma = true;
      commas += 1;
    } else return byte > COLON || byte === QUOTE ? -1 : countAnyIntegers(bytes, start, end);
  }
  return comma ? countAnyIntegers(bytes, start, end) : commas + 1;
}

function countAnyIntegers(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return 0;
  let at = start;
  for (let count = 1; ; count++) {
    at = integerEnd(bytes, skipSpaces(bytes, at, end), end);
    if (at < 0) return -1;
    if (at >= end || bytes[at] !== COMMA) return count;
    at += 1;
  }
}

/** Returns where the integer field from `at` on ends: at its comma or at what closes the parameters; -1 if it is none. */
function integerEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start;
  let at = first;
  while (at < end && isDigit(bytes[at] as number)) at += 1;
  if (at === first) return -1;
  at = skipSpaces(bytes, at, end);
  return at >= end || bytes[at] === COMMA || closesParameters(bytes, at, end) ? at : -1;
}

/** Reads the field that begins at `start` as an integer; a final `)` or `:` is ignored. NaN if it is none. */
export function integerAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const negative = bytes[at] === MINUS;
  if (negative) at += 1;
  const first = at;
  let value = 0;
  while (at < end && isDigit(bytes[at] as number)) value = value * 10 + (bytes[at++] as number) - 0x30;
  if (at === first) return Number.NaN;
  at = skipSpaces(bytes, at, end);
  if (at < end && bytes[at] !== COMMA && !closesParameters(bytes, at, end)) return Number.NaN;
  return negative ? -value : value;
}

/** Splits the parameters from `start` to `end` into fields: spaces trimmed, quotes removed. */
export function splitFields(source: LineSource, start: number, end: number): string[] {
  const { bytes } = source;
  const fields: string[] = [];
  if (start >= end) return fields;
  for (let at = start; at <= end; ) {
    const next = fieldEnd(bytes, at, end);
    let from = skipSpaces(bytes, at, next);
    let to = spacesStart(bytes, from, next);
    if (isQuoted(bytes, from, to)) {
      from += 1;
      to -= 1;
    }
    fields.push(source.text(from, to));
    at = next + 1;
  }
  return fields;
}

/** Returns where the field that `at` is in ends: at a comma outside of quotes, or at `end`. */
export function fieldEnd(bytes: Uint8Array, start: number, end: number): number {
  let inQuotes = false;
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) inQuotes = !inQuotes;
    else if (byte === COMMA && !inQuotes) break;
  }
  return at;
}

/** Returns the text of the field from `start` to `end`: spaces trimmed, quotes removed. */
export function fieldText(source: LineSource, start: number, end: number): string {
  const { bytes } = source;
  const from = skipSpaces(bytes, start, end);
  const to = spacesStart(bytes, from, end);
  return isQuoted(bytes, from, to) ? source.text(from + 1, to - 1) : source.text(from, to);
}

/** Whether the field from `start` to `end` is quoted. */
export function isFieldQuoted(bytes: Uint8Array, start: number, end: number): boolean {
  const from = skipSpaces(bytes, start, end);
  return isQuoted(bytes, from, spacesStart(bytes, from, end));
}

function isQuoted(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from >= 2 && bytes[from] === QUOTE && bytes[to - 1] === QUOTE;
}

/** Returns where the spaces before `end` begin, not before `from`. */
function spacesStart(bytes: Uint8Array, from: number, end: number): number {
  let to = end;
  while (to > from && bytes[to - 1] === SPACE) to -= 1;
  return to;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Whether the last byte is the `)` of `+IPD(16)` or the colon of `+RECEIVE,0,16:`. */
function closesParameters(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 1 === end && (bytes[at] === CLOSING || bytes[at] === COLON);
}

function skipSpaces(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] === SPACE) at += 1;
  return at;
}
