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
  return byte === CR || byte === LF || byte === NUL || byte === SPACE;
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
