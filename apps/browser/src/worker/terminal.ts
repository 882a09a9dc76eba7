import { help, hexadecimal, moduleLine, type Shown, type TerminalLine } from '@a7600/diagnostics/terminal';
import type { Modem } from '@a7600/tcpip';
import type { Transport } from '@a7600/transport';
import { catchError, concatMap, defer, EMPTY, map, type Observable, of, throwError } from 'rxjs';

/** A terminal on a port of its own: emits its line when the port is open. Cold. */
export function ownLine(port: Transport): Observable<TerminalLine> {
  return port.pipe(map((link) => moduleLine(link)));
}

/** A terminal beside a program: its commands wait for their turn in the program's queue. */
export function sharedLine(modem: Modem): TerminalLine {
  const refused = throwError(() => new Error('Payload and data mode belong to the program: stop it first.'));
  return {
    wants: 'command',
    payload: () => refused,
    leaveData: () => refused,
    others$: EMPTY,
    command: (text) =>
      modem
        .raw(text)
        .pipe(
          concatMap((lines): Shown[] => [...lines, 'OK'].map((line) => ({ kind: 'answer', text: line }))),
        ),
  };
}

/** Does what a typed line says. Emits what is to be shown; errors are shown, too. */
export function typed(text: string, line: TerminalLine): Observable<Shown> {
  return defer(() => perform(text, line)).pipe(
    catchError((error: unknown) => of({ kind: 'error' as const, text: (error as Error).message })),
  );
}

function perform(text: string, line: TerminalLine): Observable<Shown> {
  const words = text.trim();
  if (line.wants === 'data' && words === '+++') return line.leaveData();
  if (line.wants !== 'command') {
    const end = line.wants === 'data' ? '\r\n' : '';
    return line.payload(hexadecimal(text) ?? new TextEncoder().encode(text + end));
  }
  if (words === '') return EMPTY;
  const [, subject] = /^(?:help|\?)\s*(.*)$/i.exec(words) ?? [];
  if (subject !== undefined) {
    return of(...help(subject).map((each): Shown => ({ kind: 'meaning', text: each })));
  }
  if (!/^at/i.test(words)) {
    throw new Error(`"${words}" does not begin with AT, so it was not sent. Type help for help.`);
  }
  return line.command(words);
}
