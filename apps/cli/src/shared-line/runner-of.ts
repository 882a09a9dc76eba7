import type { TerminalLine } from '@a7600/diagnostics/terminal';
import { defer, map, throwError, toArray } from 'rxjs';
import type { CommandRunner } from './requests.js';

/** What ends an answer well; the answer to a client gets it again. */
const OK = 'OK';

/**
 * Lets others send commands in the turn of a terminal.
 *
 * @param line the line of the terminal
 * @returns what sends a command; errors while the module wants payload or data
 */
export function runnerOf(line: TerminalLine): CommandRunner {
  return {
    raw: (text) =>
      defer(() => {
        if (line.wants !== 'command')
          return throwError(() => new Error(`The terminal is in the middle of ${line.wants}.`));
        return line.command(text).pipe(
          toArray(),
          map((shown) => {
            const error = shown.find(({ kind }) => kind === 'error');
            if (error !== undefined) throw new Error(error.text);
            return shown.filter(({ kind, text }) => kind === 'answer' && text !== OK).map(({ text }) => text);
          }),
        );
      }),
  };
}
