export const NUL = 0x00;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const COLON = 0x3a;
export const PROMPT = 0x3e;

/** No bytes. */
export const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Whether a byte is padding (CR, LF, NUL or a space), which may stand between frames. */
export function isPadding(byte: number): boolean {
  return byte <= SPACE && (byte === CR || byte === LF || byte === SPACE || byte === NUL);
}

/** Whether a byte is CR or LF. */
export function isLineEnd(byte: number): boolean {
  return byte === CR || byte === LF;
}

/**
 * Returns the index after the end of the line that continues at `from`, or -1 if it does not end
 * before `to`.
 *
 * A line ends with its LF. A CR that text follows ends it too: echoes have no LF, and a line whose
 * LF was lost must not swallow the next one.
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

/**
 * Concatenates chunks.
 *
 * @param chunks - The chunks, in order.
 * @returns Their bytes. A single chunk is returned as it is, without a copy.
 */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
