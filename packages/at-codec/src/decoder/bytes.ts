export const NUL = 0x00;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const COLON = 0x3a;
export const PROMPT = 0x3e;

/** CR, LF, NUL and blanks: what may stand between units without belonging to a text. */
export function isFill(byte: number): boolean {
  return byte <= SPACE && (byte === CR || byte === LF || byte === SPACE || byte === NUL);
}

/** CR and LF. */
export function isLineEnd(byte: number): boolean {
  return byte === CR || byte === LF;
}

/**
 * Behind the end of the line that goes on at `from`, or -1 when it does not end in front of `to`.
 *
 * A line ends with its LF. A CR with more text behind it ends one too: echoes have no LF, and a
 * line whose LF was lost is not to take the next one with it.
 */
export function lineEnd(bytes: Uint8Array, from: number, to: number): number {
  // Four at a time is faster, and so is a branch of its own for each.
  let first = from;
  for (; first + 4 <= to; first += 4) {
    if ((bytes[first] as number) <= CR) break;
    if ((bytes[first + 1] as number) <= CR) {
      first += 1;
      break;
    }
    if ((bytes[first + 2] as number) <= CR) {
      first += 2;
      break;
    }
    if ((bytes[first + 3] as number) <= CR) {
      first += 3;
      break;
    }
  }
  if (first + 1 < to && bytes[first] === CR && bytes[first + 1] === LF) return first + 2;
  for (let at = first; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte > CR) continue;
    if (byte === LF) return at + 1;
    if (byte !== CR || at + 1 === to) continue;
    const next = bytes[at + 1];
    if (next === LF) return at + 2;
    if (next !== CR) return at + 1;
  }
  return -1;
}

/** The bytes as characters U+0000 to U+00FF, one each, so that nothing is replaced or joined. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += BLOCK) {
    const block = bytes.subarray(at, Math.min(end, at + BLOCK));
    text += String.fromCharCode.apply(null, block as unknown as number[]);
  }
  return text;
}

/** Arguments that one call takes on every engine. */
const BLOCK = 4096;

/** Puts the pieces of a payload together. A single piece is given back as it is, without a copy. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
