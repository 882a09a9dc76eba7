import type { AtEvent } from '@a7600/at-codec';

/**
 * One step of the dialogue with the module, without echoes. Secrets in commands are hidden; payload
 * is handed over as it is, and what of it belongs into a log is for the log to decide. `at` is the
 * scheduler's time in ms.
 */
export type TraceEntry =
  | { readonly at: number; readonly kind: 'command'; readonly text: string }
  | { readonly at: number; readonly kind: 'payload'; readonly bytes: Uint8Array }
  | { readonly at: number; readonly kind: 'received'; readonly event: AtEvent };

/** Told of every step while it happens. */
export type Trace = (entry: TraceEntry) => void;
