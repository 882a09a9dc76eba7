import { createDecoder, type DecoderLimits } from '../src/decoder/decoder.js';
import type { Dialect } from '../src/decoder/dialect.js';
import type { AtEvent } from '../src/decoder/events.js';

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** What the decoder is told before the bytes come. */
export interface Told {
  /** A prompt is awaited. */
  readonly prompt?: boolean;
  /** The echo of this payload is expected after the prompt, or at once when none is awaited. */
  readonly echo?: Uint8Array | undefined;
  readonly limits?: DecoderLimits;
}

/** Decodes the chunks, to the end of the stream. */
export function decodeWith(dialect: Dialect, chunks: readonly Uint8Array[], told: Told = {}): AtEvent[] {
  const { prompt = false, echo, limits } = told;
  const events: AtEvent[] = [];
  const decoder = createDecoder(
    dialect,
    (event) => {
      events.push(event);
      if (event.kind === 'prompt') decoder.expectEcho(echo);
    },
    limits,
  );
  decoder.awaitPrompt(prompt);
  if (!prompt) decoder.expectEcho(echo);
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return events;
}

/** Every event as `kind text`; the chunks of payload, data and noise joined. */
export function summary(events: readonly AtEvent[]): string[] {
  const lines: string[] = [];
  let joinable = '';
  for (const event of events) {
    switch (event.kind) {
      case 'payload':
      case 'data':
      case 'noise':
        if (joinable === event.kind) lines.push(lines.pop() + textOf(event.raw));
        else lines.push(`${event.kind} ${textOf(event.raw)}`);
        break;
      case 'prompt':
      case 'overrun':
        lines.push(event.kind);
        break;
      case 'payload-echo':
        lines.push(`payload-echo ${textOf(event.raw)}`);
        break;
      default:
        lines.push(`${event.kind} ${event.text}`);
    }
    joinable = event.kind;
  }
  return lines;
}
