import type { Observable } from 'rxjs';

/** What a terminal talks to: a module on a port of its own, or the line of a running program. */
export interface TerminalLine {
  /** Sends a command line. Emits what is to be shown, completes when it is answered; never errors but with the link. */
  command(text: string): Observable<Shown>;
  /** Sends payload where the module waits for it, or data in data mode. */
  payload(bytes: Uint8Array): Observable<never>;
  /** Leaves data mode with `+++` and its guard times. */
  leaveData(): Observable<never>;
  /** What the module wants next. Read when a line was typed. */
  readonly wants: 'command' | 'payload' | 'data';
  /** What comes without having been asked for, as long as the line is there. Errors when it ends. */
  readonly others$: Observable<Shown>;
}

/** A line for the screen. */
export interface Shown {
  /** `answer` of the module, `meaning` of an answer, `error` explained, `other` unasked, `data` of a connection. */
  readonly kind: 'answer' | 'meaning' | 'error' | 'other' | 'data' | 'sent';
  readonly text: string;
  /** Of an error: its code, where it has one. */
  readonly code?: string;
}
