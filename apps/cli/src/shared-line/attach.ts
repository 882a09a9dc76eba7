import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { RecordingEntry } from '@a7600/transport/recording';
import { Observable } from 'rxjs';
import { sockets } from './places.js';

/** The line of a running program. */
export interface AttachedLine {
  /** When it was attached, in ms since 1970. */
  readonly startedAt: number;
  /** What passes; hot, buffered until it is subscribed to; completes when the program closes its port. */
  readonly entries$: Observable<RecordingEntry>;
}

/**
 * Attaches to the program of this user that has opened a modem last. Cold; emits the line once, and completes when the
 * program has closed its port, or at once if there is none.
 *
 * @returns the line
 */
export function attach(): Observable<AttachedLine> {
  return new Observable((subscriber) => {
    const [...paths] = sockets();
    const next = () => {
      const path = paths.pop();
      if (path === undefined) {
        subscriber.complete();
        return;
      }
      const socket = connect(path);
      subscriber.add(() => socket.destroy());
      // A program that was killed leaves its socket.
      socket.once('error', next);
      socket.once('connect', () => {
        socket.off('error', next).on('error', () => socket.destroy());
        const lines = createInterface({ input: socket });
        let wasHeader = false;
        const entries$ = new Observable<RecordingEntry>((entries) => {
          lines.on('line', (line) => {
            if (wasHeader) entries.next(JSON.parse(line) as RecordingEntry);
          });
          lines.on('close', () => entries.complete());
        });
        lines.once('line', (line) => {
          const { startedAt } = JSON.parse(line) as { readonly startedAt: number };
          subscriber.next({ startedAt, entries$ });
          wasHeader = true;
        });
        lines.on('close', () => subscriber.complete());
      });
    };
    next();
  });
}
