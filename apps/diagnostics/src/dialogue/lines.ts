import { type AtEvent, a7600, createDecoder } from '@a7600/at-codec';

/**
 * Reads lines of a module, taken out of their dialogue.
 *
 * @param text one line or several, a character for each byte; line ends around them may be missing
 * @returns what the decoder makes of them
 */
export function decodedLines(text: string): readonly AtEvent[] {
  const events: AtEvent[] = [];
  const decoder = createDecoder(a7600, (event) => events.push(event));
  decoder.push(Uint8Array.from(`${text.trim()}\r\n`, (char) => char.charCodeAt(0) & 0xff));
  return events;
}
