import { createInterface } from 'node:readline';
import { hideSecrets } from '@a7600/diagnostics/dialogue';
import type { Shown, TerminalLine } from '@a7600/diagnostics/terminal';
import { complete, help, hexadecimal } from '@a7600/diagnostics/terminal';
import { Observable, Subscription } from 'rxjs';
import type { Console } from '../console.js';
import { ExitCode, exitCodeOfCode } from '../exit-code.js';

const PROMPTS = { command: 'AT> ', payload: 'payload> ', data: 'data> ' } as const;

/**
 * A person at a terminal, or a script in a pipe, who talks to a module: history, completion, and lines that the
 * module prints by itself above what is being typed. Completes at the end of the input, `exit`, or Ctrl-C, with the exit
 * code: that of the first error of a script; a person has seen what failed.
 */
export function terminal(
  line: TerminalLine,
  input: NodeJS.ReadStream,
  console: Console,
): Observable<ExitCode> {
  return new Observable((subscriber) => {
    let exit: ExitCode = ExitCode.Done;
    const end = () => {
      subscriber.next(exit);
      subscriber.complete();
    };
    const isTerminal = input.isTTY === true && console.output.isTTY === true;
    const reader = createInterface({
      input,
      ...(isTerminal && {
        output: console.output as NodeJS.WriteStream,
        completer: complete,
        terminal: true,
      }),
      historySize: 500,
      removeHistoryDuplicates: true,
    });
    // The arrow keys do not bring a secret back to the screen.
    reader.on('history', (lines: string[]) => {
      if (lines[0] !== undefined && hideSecrets(lines[0]) !== lines[0]) lines.shift();
    });
    const show = (shown: Shown) => {
      if (shown.kind === 'error' && exit === ExitCode.Done && !isTerminal) exit = exitCodeOfCode(shown.code);
      // What is being typed moves down a line.
      if (isTerminal) console.output.write('\r\x1b[K');
      console.print(styled(shown, console));
      console.value(shown);
      if (isTerminal) reader.prompt(true);
    };
    const queue: string[] = [];
    let work = Subscription.EMPTY;
    let busy = false;
    let ended = false;
    const next = () => {
      if (isTerminal) {
        reader.setPrompt(PROMPTS[line.wants]);
        reader.prompt(true);
      }
      const text = queue.shift();
      if (text === undefined) {
        if (ended) end();
        return;
      }
      const work$ = perform(text, line, show);
      if (work$ === 'exit') end();
      else {
        busy = true;
        work = work$.subscribe({
          next: show,
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            busy = false;
            next();
          },
        });
      }
    };
    const others = line.others$.subscribe({ next: show, error: (error: unknown) => subscriber.error(error) });
    reader.on('line', (text) => {
      // Payload is wanted while its command is on the wire.
      if (line.wants === 'payload') {
        send(text, line, show).subscribe({ error: (error: unknown) => subscriber.error(error) });
        return;
      }
      queue.push(text);
      if (!busy) next();
    });
    reader.on('SIGINT', end);
    reader.on('close', () => {
      ended = true;
      if (!busy && queue.length === 0) end();
    });
    next();
    return () => {
      others.unsubscribe();
      work.unsubscribe();
      reader.close();
    };
  });
}

/** What a typed line does. */
function perform(text: string, line: TerminalLine, show: (shown: Shown) => void): Observable<Shown> | 'exit' {
  const typed = text.trim();
  if (line.wants === 'data') return typed === '+++' ? line.leaveData() : send(text, line, show);
  if (/^(?:exit|quit)$/i.test(typed)) return 'exit';
  if (typed === '') return NOTHING;
  const [, subject] = /^(?:help|\?)\s*(.*)$/i.exec(typed) ?? [];
  if (subject !== undefined) {
    for (const each of help(subject)) show({ kind: 'meaning', text: each });
    return NOTHING;
  }
  if (!/^at/i.test(typed)) {
    show({ kind: 'error', text: `"${typed}" does not begin with AT, and is not sent. Type help for help.` });
    return NOTHING;
  }
  return line.command(typed);
}

/** Sends payload or data: text as UTF-8, or bytes in hexadecimal. */
function send(text: string, line: TerminalLine, show: (shown: Shown) => void): Observable<never> {
  try {
    return line.payload(
      hexadecimal(text) ?? new TextEncoder().encode(line.wants === 'data' ? `${text}\r\n` : text),
    );
  } catch (error) {
    show({ kind: 'error', text: (error as Error).message });
    return NOTHING;
  }
}

const NOTHING = new Observable<never>((subscriber) => subscriber.complete());

function styled({ kind, text }: Shown, { style }: Console): string {
  switch (kind) {
    case 'meaning':
      return style.dim(`  ${text}`);
    case 'error':
      return style.red(`  ${text}`);
    case 'other':
      return style.yellow(`< ${text}`);
    case 'data':
      return style.green(text);
    case 'sent':
      return style.cyan(`> ${text}`);
    case 'answer':
      return text;
  }
}
