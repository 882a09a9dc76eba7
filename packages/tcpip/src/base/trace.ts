import type { AtEvent } from '@a7600/at-codec';
import { redactLine } from '@a7600/transport';

/** One step of the dialogue with the module, without echoes, as others may read it. */
export interface TraceEntry {
  /** The scheduler's time in ms. */
  readonly at: number;
  /** What the step is. */
  readonly kind: 'command' | 'payload' | 'received' | 'counted';
  /**
   * `> AT+CIPSEND=0,7`, `> (7 bytes of payload)`, `< OK`, `! noise: 3`: `>` goes to the module, `<` comes from it, `!`
   * has gone wrong on the line so often (`Statistics`). Only what is known to be public is shown (`redactLine` of `@a7600/transport`).
   */
  readonly line: string;
}

/** Called with every step while it happens. */
export type Trace = (entry: TraceEntry) => void;

/**
 * The same with payload and with all that the module printed, for tests and tools that show it to no one else. PINs
 * and passwords in commands are hidden here too.
 */
export type FullTraceEntry =
  | { readonly at: number; readonly kind: 'command'; readonly text: string }
  | { readonly at: number; readonly kind: 'payload'; readonly bytes: Uint8Array }
  | { readonly at: number; readonly kind: 'received'; readonly event: AtEvent }
  /** One of the counters of `Statistics` has a new value. */
  | { readonly at: number; readonly kind: 'counted'; readonly counter: string; readonly total: number };

/** Called with every step while it happens. */
export type FullTrace = (entry: FullTraceEntry) => void;

/**
 * Makes one callback of both, for the code that reports steps.
 *
 * @param trace - Called with what is public.
 * @param fullTrace - Called with everything.
 * @returns Their combination; undefined when there is neither.
 */
export function tracing(trace: Trace | undefined, fullTrace: FullTrace | undefined): FullTrace | undefined {
  if (trace === undefined) return fullTrace;
  return (entry) => {
    fullTrace?.(entry);
    trace({ at: entry.at, kind: entry.kind, line: publicLine(entry) });
  };
}

function publicLine(entry: FullTraceEntry): string {
  switch (entry.kind) {
    case 'command':
      return `> ${redactLine(entry.text)}`;
    case 'payload':
      return `> (${entry.bytes.length} bytes of payload)`;
    case 'counted':
      return `! ${entry.counter}: ${entry.total}`;
    case 'received': {
      const { event } = entry;
      return 'text' in event ? `< ${redactLine(event.text)}` : `< (${event.kind}, ${event.raw.length} bytes)`;
    }
  }
}
