import type { AtEvent } from '@a7600/at-codec';
import { redactLine } from '@a7600/transport';

/**
 * One step of the dialogue with the module, without echoes. Secrets in commands are hidden;
 * payload and what the module printed are unchanged, so {@link publicTrace} makes the lines of a log that
 * others read. `at` is the scheduler's time in ms.
 */
export type TraceEntry =
  | { readonly at: number; readonly kind: 'command'; readonly text: string }
  | { readonly at: number; readonly kind: 'payload'; readonly bytes: Uint8Array }
  | { readonly at: number; readonly kind: 'received'; readonly event: AtEvent };

/** Called with every step while it happens. */
export type Trace = (entry: TraceEntry) => void;

/**
 * Makes a line for a log that others read: with what is known to be public (`redactLine`), and
 * without payload.
 *
 * @param entry - A step of the dialogue.
 * @returns The line; `>` goes to the module, `<` comes from it.
 */
export function publicTrace(entry: TraceEntry): string {
  switch (entry.kind) {
    case 'command':
      return `> ${redactLine(entry.text)}`;
    case 'payload':
      return `> (${entry.bytes.length} bytes of payload)`;
    case 'received': {
      const { event } = entry;
      return 'text' in event ? `< ${redactLine(event.text)}` : `< (${event.kind}, ${event.raw.length} bytes)`;
    }
  }
}
