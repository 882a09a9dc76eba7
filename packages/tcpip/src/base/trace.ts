import type { AtEvent } from '@a7600/at-codec';
import { redactLine } from '@a7600/transport';
import { isolated } from './isolated.js';

/** One step of the dialogue with the module, without echoes, as others may read it. */
export interface TraceEntry {
  /** The scheduler's time in ms. */
  readonly at: number;
  /** What the step is. */
  readonly kind: 'command' | 'payload' | 'received' | 'counted';
  /** The port of the module on which it was taken, where the modem has two; undefined elsewhere. */
  readonly port?: TracedPort;
  /**
   * `> AT+CIPSEND=0,7`, `> (7 bytes of payload)`, `< OK`, `! noise: 3`: `>` goes to the module, `<` comes from it, `!`
   * has gone wrong on the line so often (`Statistics`). Where the modem has two ports, the line begins with
   * `control ` or `data `. Only what is known to be public is shown (`redactLine` of `@a7600/transport`).
   */
  readonly line: string;
}

/** One of two ports of a module. */
export type TracedPort = 'control' | 'data';

/** Called with every step while it happens. */
export type Trace = (entry: TraceEntry) => void;

/**
 * The same with payload and with all that the module printed, for tests and tools that show it to no one else. PINs
 * and passwords in commands are hidden here too.
 */
export type FullTraceEntry = {
  /** The scheduler's time in ms. */
  readonly at: number;
  /** The port of the module on which it was taken, where the modem has two; undefined elsewhere. */
  readonly port?: TracedPort;
} & (
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'payload'; readonly bytes: Uint8Array }
  | { readonly kind: 'received'; readonly event: AtEvent }
  /** One of the counters of `Statistics` has a new value. */
  | { readonly kind: 'counted'; readonly counter: string; readonly total: number }
);

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
  const full = isolated(fullTrace);
  const open = isolated(trace);
  if (open === undefined) return full;
  return (entry) => {
    full?.(entry);
    const { at, kind, port } = entry;
    const line = publicLine(entry);
    open(port === undefined ? { at, kind, line } : { at, kind, port, line: `${port} ${line}` });
  };
}

/**
 * A trace of one of two ports.
 *
 * @param trace - Called with each step, and the port.
 * @param port - Which of them it is.
 * @returns The trace for the code of that port.
 */
export function onPort(trace: FullTrace | undefined, port: TracedPort): FullTrace | undefined {
  return trace && ((entry) => trace({ ...entry, port }));
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
