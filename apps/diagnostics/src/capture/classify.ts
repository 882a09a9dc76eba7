import type { RecordingEntry } from '@a7600/transport/recording';
import type { Direction } from './pcapng.js';

/** One step of the dialogue with a module. */
export type Step =
  /** A command line of the host. */
  | { readonly kind: 'command'; readonly text: string }
  /** A line, or a prompt, of the module. */
  | { readonly kind: 'line'; readonly text: string }
  /** Payload; `header` is the line that stated its length, without one it belongs to a send or to data mode. */
  | {
      readonly kind: 'payload';
      readonly direction: Direction;
      readonly bytes: Uint8Array;
      readonly header?: string;
    }
  /** `+++`, which leaves data mode. */
  | { readonly kind: 'escape'; readonly text: string };

const REMOVED = '█';
/** What stands for a byte that was removed from a recording. */
const SUBSTITUTE = '.'.charCodeAt(0);
const CTRL_Z = '\x1a';
const ESC = '\x1b';

/**
 * Tells commands, lines and payload of a recording apart. A recorder writes each of them as an entry, but does not say
 * which it is; lengths that commands and lines state decide, never what the payload looks like.
 *
 * @returns called with the entries in order
 */
export function classifier(): (entry: Pick<RecordingEntry, 'way' | 'text'>) => Step {
  let mode: 'command' | 'data' | 'leaving data' = 'command';
  /** Bytes of payload that the host is about to send; infinite up to Ctrl-Z. */
  let promised = 0;
  let stated = 0;
  let header = '';

  const sent = (text: string): Step => {
    if (mode !== 'command') {
      mode = text === '+++' ? 'leaving data' : 'data';
      return mode === 'data'
        ? { kind: 'payload', direction: 'sent', bytes: bytesOf(text) }
        : { kind: 'escape', text };
    }
    if (promised > 0) {
      const isOver =
        promised === Number.POSITIVE_INFINITY ? text.endsWith(CTRL_Z) || text.endsWith(ESC) : text === ESC;
      const bytes = bytesOf(promised === Number.POSITIVE_INFINITY && isOver ? text.slice(0, -1) : text);
      promised = isOver ? 0 : promised - text.length;
      return { kind: 'payload', direction: 'sent', bytes };
    }
    promised = promisedBy(text);
    return { kind: 'command', text };
  };

  const received = (text: string): Step => {
    if (mode !== 'command') {
      if (!endsDataMode(text, mode === 'leaving data')) {
        return { kind: 'payload', direction: 'received', bytes: bytesOf(text) };
      }
      mode = 'command';
      return { kind: 'line', text };
    }
    if (stated > 0) {
      stated -= text.length;
      return { kind: 'payload', direction: 'received', bytes: bytesOf(text), header };
    }
    const line = text.trim();
    if (/^CONNECT(?: \d+)?$/.test(line)) mode = 'data';
    // An error takes the place of the prompt.
    if (/^(?:ERROR|\+CM[ES] ERROR: .*)$/.test(line)) promised = 0;
    stated = statedBy(line);
    header = line;
    return { kind: 'line', text };
  };

  return ({ way, text }) => (way === 'sent' ? sent(text) : received(text));
}

/** Whether bytes of a text were removed from the recording. */
export function isRedacted(text: string): boolean {
  return text.includes(REMOVED);
}

/** A text of a recording as bytes, one for each character. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => (char === REMOVED ? SUBSTITUTE : char.charCodeAt(0)));
}

function endsDataMode(text: string, isLeaving: boolean): boolean {
  return text === '\r\nCLOSED\r\n' || text === '\r\nNO CARRIER\r\n' || (isLeaving && text === '\r\nOK\r\n');
}

/** Bytes of payload that the host sends after a command. */
function promisedBy(command: string): number {
  const match =
    /\+(?:CIPSEND=\d+,|CCHSEND=\d+,|CMQTT(?:WILL)?(?:PAYLOAD|TOPIC|MSG)=\d+,|HTTPDATA=)(\d*)/i.exec(command);
  if (match === null) return 0;
  return match[1] === '' ? Number.POSITIVE_INFINITY : Number(match[1]);
}

/** Bytes of payload that follow a line of the module. */
function statedBy(line: string): number {
  const read = /^\+CIPRXGET: ([23]),\d+,(\d+),/.exec(line);
  if (read !== null) return Number(read[2]) * (read[1] === '3' ? 2 : 1);
  const pushed =
    /^(?:\+IPD[(, ]?|\+RECEIVE,\d+,|\+CCHRECV: DATA,\d+,|\+HTTPREAD: (?:DATA,)?)(\d+)\)?:?$/.exec(line);
  return pushed === null ? 0 : Number(pushed[1]);
}
