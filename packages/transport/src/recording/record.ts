import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { ByteLink } from '../byte-link.js';
import { tapped } from '../tap-link.js';
import { type RecordingEntry, type RecordingHeader, VERSION } from './format.js';
import { announcedPayload, hidden, promisedPayload, redactText } from './redact.js';

/** Settings of {@link record}. */
export interface RecordOptions {
  /**
   * Take payload, APN, PIN, phone numbers, IMSI, ICCID and IMEI out. Default true. What is taken out
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
 * An entry is one line of text, or a piece of payload; what the device prints in pieces is put
 * together first, so that a secret is found wherever it was cut. The rest is written when the link
 * ends.
 */
export function record<L extends ByteLink>(
  link: L,
  sink: (line: string) => void,
  options: RecordOptions = {},
): L {
  const { redact = true, scheduler = asyncScheduler } = options;
  const start = scheduler.now();
  const put = (value: RecordingHeader | RecordingEntry) => sink(`${JSON.stringify(value)}\n`);
  put({ format: 'a7600-recording', version: VERSION, redacted: redact });

  const entry = (way: RecordingEntry['way'], text: string, secret: boolean) => {
    if (text === '') return;
    const shown = !redact ? text : secret ? hidden(text) : redactText(text);
    put({ at: scheduler.now() - start, way, text: shown });
  };

  let promised = 0;
  const received = splitter((text, secret) => entry('received', text, secret));
  return tapped(link, {
    received: (bytes) => received.push(textOf(bytes)),
    written(bytes) {
      received.flush();
      const text = textOf(bytes);
      const payload = promised > 0 && !/^AT/i.test(text);
      entry('sent', text, payload);
      promised = payload ? Math.max(0, promised - bytes.length) : promisedPayload(text);
    },
    ended: () => received.flush(),
  });
}

/** Takes what a device prints apart: lines, and the payload that some of them announce. */
function splitter(emit: (text: string, secret: boolean) => void) {
  let text = '';
  let payload = 0;
  const flush = () => {
    emit(text, payload > 0);
    text = '';
  };
  return {
    flush,
    push(more: string) {
      text += more;
      for (;;) {
        if (payload > 0) {
          const piece = text.slice(0, payload);
          emit(piece, true);
          payload -= piece.length;
          text = text.slice(piece.length);
          if (payload > 0) return;
        }
        const end = text.indexOf('\n');
        if (end < 0) return;
        const line = text.slice(0, end + 1);
        text = text.slice(end + 1);
        emit(line, false);
        payload = announcedPayload(line.trim());
      }
    },
  };
}

function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
