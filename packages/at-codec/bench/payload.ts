// Payload: what hands on the blocks of a stream whole, and reads the lines between them.
import { a7600, createDecoder } from '@a7600/at-codec';
import type { Contender, Outcome } from './contenders.js';
import { mixed, mixedText, valueOfLine, valueOfText } from './values.js';

/**
 * What is done: add up the bytes of payload, and count the lines or read the values of the URCs; or sum up all that is
 * in these, to compare.
 */
export type PayloadWork = 'count' | 'values' | 'sums';

/** The decoder of this package. */
export const codecPayload =
  (work: PayloadWork): Contender =>
  (chunks) => {
    const seen: Outcome = { lines: 0, bytes: 0, sum: 0, value: undefined };
    const decoder = createDecoder(a7600, (event) => {
      if (event.kind === 'payload') takePayload(seen, event.raw, work);
      else if ('text' in event) {
        seen.lines += 1;
        if (work === 'values') seen.value = valueOfLine(event);
        if (work === 'sums') sum(seen, event.text, valueOfLine(event));
      }
    });
    for (const chunk of chunks) decoder.push(chunk);
    return seen;
  };

/**
 * What a good engineer writes in an hour for Node alone, and for these two kinds of blocks: line ends by the fastest
 * search there is, headers by their first bytes, blocks as views of the chunk, strings where a value needs one. It
 * believes every length, and takes a line whose end was damaged for a part of the next one.
 */
export const framer =
  (work: PayloadWork): Contender =>
  (chunks) => {
    const seen: Outcome = { lines: 0, bytes: 0, sum: 0, value: undefined };
    let rest: Buffer | undefined;
    let remaining = 0;
    for (const chunk of chunks) {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      if (rest !== undefined) bytes = Buffer.concat([rest, bytes]);
      rest = undefined;
      let at = 0;
      while (at < bytes.length) {
        if (remaining > 0) {
          const end = Math.min(bytes.length, at + remaining);
          takePayload(seen, bytes.subarray(at, end), work);
          remaining -= end - at;
          at = end;
          continue;
        }
        const lineFeed = bytes.indexOf(10, at);
        if (lineFeed < 0) {
          rest = bytes.subarray(at);
          break;
        }
        const end = bytes[lineFeed - 1] === 13 ? lineFeed - 1 : lineFeed;
        if (end > at) {
          seen.lines += 1;
          remaining = announced(bytes, at, end);
          if (work !== 'count') {
            const text = bytes.latin1Slice(at, end);
            const value = bytes[at + 1] === 0x49 && remaining > 0 ? { length: remaining } : valueOfText(text);
            if (work === 'values') seen.value = value;
            else sum(seen, text, value);
          }
        }
        at = lineFeed + 1;
      }
    }
    return seen;
  };

/** How many bytes follow `+IPD<length>` and `+CIPRXGET: 2,<link>,<length>,<rest>`. */
function announced(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== 0x2b) return 0;
  if (bytes[start + 1] === 0x49 && bytes[start + 2] === 0x50 && bytes[start + 3] === 0x44)
    return Number(bytes.latin1Slice(start + 4, end));
  if (bytes[start + 4] !== 0x52 || bytes[start + 11] !== 0x32) return 0;
  const text = bytes.latin1Slice(start, end);
  return text.startsWith('+CIPRXGET: 2,') ? Number(text.split(',')[2]) : 0;
}

function takePayload(seen: Outcome, bytes: Uint8Array, work: PayloadWork): void {
  seen.bytes += bytes.length;
  if (work === 'sums') for (const byte of bytes) seen.sum = (seen.sum * 31 + byte) | 0;
}

function sum(seen: Outcome, text: string, value: unknown): void {
  seen.sum = mixedText(seen.sum, text);
  if (value !== undefined) seen.sum = mixed(seen.sum, value);
}
