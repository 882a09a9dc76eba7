import { classifier } from '@a7600/diagnostics/capture';
import { describedBy } from '@a7600/diagnostics/dialogue';
import { explanation, meaningOfLine, type Shown, type TerminalLine } from '@a7600/diagnostics/terminal';
import { TransportError } from '@a7600/transport';
import { concat, defer, EMPTY, exhaustMap, filter, map, mergeMap, Observable, take, throwError } from 'rxjs';
import { visible } from '../connection/traced.js';
import { type ExitCode, UsageError } from '../exit-code.js';
import { type AttachedLine, attach } from '../shared-line/attach.js';

/**
 * Shares the line of a running program for some work. Cold; errors with a `UsageError` when there is no such program, and
 * with `TRANSPORT_LOST` when it closes its port; completes with the work.
 *
 * @param pid its process; the one that opened a modem last without it
 */
export function attachedLine(
  pid: string | undefined,
  work: (line: TerminalLine, pid: string) => Observable<ExitCode>,
): Observable<ExitCode> {
  let found = false;
  const attached$ = attach(pid).pipe(
    exhaustMap((line) => {
      found = true;
      return work(lineOf(line), line.pid);
    }),
    take(1),
  );
  const none = () =>
    new UsageError(
      pid === undefined
        ? 'No a7600 of this user has a modem open: start one, for instance `a7600 proxy`.'
        : `Process ${pid} is no a7600 of this user that has a modem open.`,
    );
  return concat(
    attached$,
    defer(() => (found ? EMPTY : throwError(none))),
  );
}

/** A shared line as the terminal needs it; payload and data mode are the program's own. */
function lineOf({ pid, entries$, answers$, send }: AttachedLine): TerminalLine {
  let id = 0;
  const classify = classifier();
  let asked = '';
  const over$ = throwError(() => new TransportError('TRANSPORT_LOST', `Process ${pid} has closed its port.`));
  const refused = throwError(() => new UsageError('Payload cannot be sent on a shared line.'));
  return {
    wants: 'command',
    payload: () => refused,
    leaveData: () => refused,
    command: (command) =>
      new Observable((subscriber) => {
        const own = ++id;
        const answer$ = answers$.pipe(
          filter((answer) => answer.id === own),
          take(1),
          mergeMap(({ lines, error }): Shown[] => [
            ...lines.map((text): Shown => ({ kind: 'answer', text })),
            ...meaningOf(command, lines).map((text): Shown => ({ kind: 'meaning', text })),
            ...(error === undefined ? [] : [{ kind: 'error' as const, text: error }]),
          ]),
        );
        subscriber.add(answer$.subscribe(subscriber));
        send({ id: own, command });
      }),
    others$: concat(
      entries$.pipe(
        // Each line of the module has a line end before it, too.
        filter(({ text }) => text !== '\r\n'),
        map((entry): Shown => {
          const { way, text } = entry;
          const { kind } = classify(entry);
          const shown = kind === 'payload' ? visible(text) : visible(text.trim());
          if (way === 'sent') {
            if (kind === 'command') asked = text;
            return { kind: 'sent', text: shown };
          }
          const meaning = kind === 'line' ? meaningOfLine(text, asked) : undefined;
          return { kind: 'other', text: shown + (meaning === undefined ? '' : `   (${meaning})`) };
        }),
      ),
      over$,
    ),
  };
}

/** What an answer says, where the SDK knows the command. */
function meaningOf(command: string, lines: readonly string[]): readonly string[] {
  const answer = lines.filter((line) => line !== 'OK').join('\r\n');
  return describedBy(command) === undefined ? [] : explanation({ kind: 'answer', text: answer, command });
}
