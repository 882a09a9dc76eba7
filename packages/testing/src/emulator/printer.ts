import type { Part, Result } from './reply.js';

/** How answers are formatted. */
export interface PrintFormat {
  /** `ATV1`: results in words between line ends; `ATV0`: numbers with a CR. */
  readonly verbose: boolean;
  /** `AT+CMEE`: 0 plain `ERROR`, 1 numbers, 2 words. */
  readonly cmee: number;
}

/** Information text and result, byte for byte (AT command manual, 1.4 and ATV). */
export function printAnswer(parts: readonly Part[], result: Result, format: PrintFormat): Uint8Array {
  return joinBytes([...printParts(parts, format), resultText(result, format)]);
}

/** A unit that nobody asked for, or that follows a result. */
export function printUnsolicited(...parts: Part[]): Uint8Array {
  return joinBytes([CRLF, ...parts.flatMap((part) => [part, CRLF])]);
}

/** The prompt: no line end behind it. */
export const prompt = textBytes('\r\n>');

/** Words of the CME codes that the emulator gives (AT command manual, 19). */
const CME_WORDS: Readonly<Record<number, string>> = {
  3: 'operation not allowed',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  13: 'SIM failure',
  14: 'SIM busy',
  30: 'no network service',
  50: 'Incorrect parameters',
  100: 'unknown',
};

const CRLF = '\r\n';

function printParts(parts: readonly Part[], { verbose }: PrintFormat): Part[] {
  if (parts.length === 0) return [];
  const lines = parts.flatMap((part) => [part, CRLF]);
  return verbose ? [CRLF, ...lines] : lines;
}

function resultText(result: Result, { verbose, cmee }: PrintFormat): string {
  if (typeof result === 'object' && cmee > 0) {
    const detail = cmee === 1 ? result.cme : (CME_WORDS[result.cme] ?? 'unknown');
    return `${CRLF}+CME ERROR: ${detail}${CRLF}`;
  }
  const word = result === 'OK' ? 'OK' : 'ERROR';
  if (verbose) return `${CRLF}${word}${CRLF}`;
  return word === 'OK' ? '0\r' : '4\r';
}

function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function joinBytes(parts: readonly Part[]): Uint8Array {
  const pieces = parts.map((part) => (typeof part === 'string' ? textBytes(part) : part));
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
