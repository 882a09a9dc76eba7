import type { Entry } from '../protocol.js';

/** Bytes of a row of the list. */
const SHOWN = 200;

/** An entry of the dialogue in one row: text with escapes, or payload in hexadecimal. */
export function shownText({ kind, text }: Entry, isHex: boolean): string {
  const part = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  if (kind !== 'payload') return escaped(part.trim() === '' ? part : part.trim());
  return isHex ? hex(part) : escaped(part);
}

/** Bytes that are no printable ASCII, as escapes. */
function escaped(text: string): string {
  return text.replaceAll(/[^\x20-\x7e█…]/g, (char) => {
    if (char === '\r') return '\\r';
    if (char === '\n') return '\\n';
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function hex(text: string): string {
  return Array.from(text, (char) =>
    char === '█' || char === '…' ? char.repeat(2) : char.charCodeAt(0).toString(16).padStart(2, '0'),
  ).join(' ');
}

/** Rows of sixteen bytes: offset, hexadecimal, text. At most so many rows. */
export function hexDump(text: string, rows: number): string {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < rows; at += 16) {
    const part = text.slice(at, at + 16);
    const readable = part.replaceAll(/[^\x20-\x7e]/g, '.');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex(part).padEnd(47)}  ${readable}`);
  }
  return lines.join('\n');
}
