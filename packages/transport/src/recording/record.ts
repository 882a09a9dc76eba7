import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { ByteLink } from '../byte-link.js';
import { assertGiven, assertLink, unusable } from '../given.js';
import { hidden, redactLine } from '../redaction/redact-line.js';
import { tapped } from '../tap-link.js';
import { type ChunkKind, Dialogue } from './dialogue.js';
import { type RecordingEntry, type RecordingHeader, VERSION } from './format.js';

/** Settings of {@link record}. */
export interface RecordOptions {
  /**
   * Show only what is known to be public (`redactLine`), and no payload. Default true. What is removed
   * keeps its length.
   */
  readonly redact?: boolean | undefined;
  /** Whose time the entries bear. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Writes down what passes through a link, as lines of JSON given to `sink` (each with its line
 * end), and gives the link to use instead.
 *
 * An entry is a command, a line that the device prints, or a chunk of payload; what comes in chunks
 * is put together first, so that a secret is found wherever it was cut. The rest is written when the
 * link ends. Payload is what commands and lines announce, what is sent at a prompt, messages, and everything in data mode.
 *
 * @throws `INVALID_ARGUMENT` when `link` is no link, or `sink` no function
 * @param link the link to record
 * @param sink called with each line, including its line end
 * @param options redaction and scheduler
 * @returns the link to use instead
 */
export function record<L extends ByteLink>(
  link: L,
  sink: (line: string) => void,
  options: RecordOptions = {},
): L {
  assertLink('record()', link);
  if (typeof sink !== 'function') throw unusable('record()', 'a function that takes lines', sink);
  assertGiven('record()', options, '{ redact: false }');
  const { redact = true, scheduler = asyncScheduler } = options;
  const start = scheduler.now();
  const put = (value: RecordingHeader | RecordingEntry) => sink(`${JSON.stringify(value)}\n`);
  put({ format: 'a7600-recording', version: VERSION, redacted: redact });

  const entry = (way: RecordingEntry['way'], text: string, kind: ChunkKind) => {
    if (text === '') return;
    put({ at: scheduler.now() - start, way, text: redact ? redacted(text, kind) : text });
  };

  const dialogue = new Dialogue(entry);
  return tapped(link, {
    received: (bytes) => dialogue.received(textOf(bytes)),
    written: (bytes) => dialogue.sent(textOf(bytes)),
    ended: () => dialogue.flush(),
  });
}

/** Numbers that are longer than what commands and results of sockets have, but for the rate after `CONNECT`. */
const LONG_NUMBER = /(?<!\d|^\s*CONNECT )\d{5,}/gi;

function redacted(text: string, kind: ChunkKind): string {
  if (kind === 'payload') return hidden(text);
  const shown = redactLine(text);
  return kind === 'doubtful' ? shown.replace(LONG_NUMBER, hidden) : shown;
}

function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
