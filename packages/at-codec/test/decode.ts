import { createDecoder } from '../src/decoder/decoder.js';
import type { Dialect } from '../src/decoder/dialect.js';
import type { AtEvent } from '../src/decoder/events.js';

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Decodes the chunks, to the end of the stream. */
export function decodeWith(
  dialect: Dialect,
  chunks: readonly Uint8Array[],
  { prompt = false }: { readonly prompt?: boolean } = {},
): AtEvent[] {
  const events: AtEvent[] = [];
  const decoder = createDecoder(dialect, (event) => events.push(event));
  decoder.awaitPrompt(prompt);
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return events;
}

/** Every event as `kind text`; the pieces of payload, data and noise joined. */
export function summary(events: readonly AtEvent[]): string[] {
  const lines: string[] = [];
  let joinable = '';
  for (const event of events) {
    const inPieces = event.kind === 'payload' || event.kind === 'data' || event.kind === 'noise';
    if (inPieces && joinable === event.kind) lines.push(lines.pop() + textOf(event.raw));
    else if (inPieces) lines.push(`${event.kind} ${textOf(event.raw)}`);
    else lines.push(event.kind === 'prompt' ? 'prompt' : `${event.kind} ${event.text}`);
    joinable = inPieces ? event.kind : '';
  }
  return lines;
}
