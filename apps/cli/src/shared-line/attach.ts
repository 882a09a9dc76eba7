import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { RecordingEntry } from '@a7600/transport/recording';
import { Observable } from 'rxjs';
import { removeSocket, sockets } from './places.js';
import { type CommandAnswer, GREETING, type ToProgram } from './requests.js';

/** The line of a running program. */
export interface AttachedLine {
  /** The process id of the program. */
  readonly pid: string;
  /** When it was attached, in ms since 1970. */
  readonly startedAt: number;
  /** What passes; hot, buffered until it is subscribed to; completes when the program closes its port. */
  readonly entries$: Observable<RecordingEntry>;
  /** Answers to {@link send}; hot. */
  readonly answers$: Observable<CommandAnswer>;
  /** Lets the program send a command; the answer has the same `id`. */
  send(request: ToProgram): void;
}

/**
 * Attaches to the program of this user that has opened a modem last. Cold; emits the line once, and completes when the
 * program has closed its port, or at once if there is none.
 *
 * @param pid the process to attach to; any without
 * @returns the line
 */
export function attach(pid?: string): Observable<AttachedLine> {
  return new Observable((subscriber) => {
    const places = sockets().filter((socket) => pid === undefined || socket.pid === pid);
    const next = () => {
      const place = places.pop();
      if (place === undefined) {
        subscriber.complete();
        return;
      }
      const socket = connect(place.path);
      subscriber.add(() => socket.destroy());
      const failed = (error: NodeJS.ErrnoException) => {
        // Another program has the process id of one that was killed and left its socket.
        if (error.code === 'ECONNREFUSED') removeSocket(place.path);
        next();
      };
      socket.once('error', failed);
      socket.once('connect', () => {
        socket.off('error', failed).on('error', () => socket.destroy());
        socket.write(`${JSON.stringify(GREETING)}\n`);
        const lines = createInterface({ input: socket });
        let wasHeader = false;
        const entries$ = new Observable<RecordingEntry>((entries) => {
          lines.on('line', (line) => {
            const entry = JSON.parse(line) as RecordingEntry | CommandAnswer;
            if (wasHeader && 'way' in entry) entries.next(entry);
          });
          lines.on('close', () => entries.complete());
        });
        const answers$ = new Observable<CommandAnswer>((answers) => {
          const pick = (line: string) => {
            const answer = JSON.parse(line) as RecordingEntry | CommandAnswer;
            if ('id' in answer) answers.next(answer);
          };
          lines.on('line', pick);
          return () => lines.off('line', pick);
        });
        const send = (request: ToProgram) => void socket.write(`${JSON.stringify(request)}\n`);
        lines.once('line', (line) => {
          const { startedAt } = JSON.parse(line) as { readonly startedAt: number };
          subscriber.next({ pid: place.pid, startedAt, entries$, answers$, send });
          wasHeader = true;
        });
        lines.on('close', () => subscriber.complete());
      });
    };
    next();
  });
}
