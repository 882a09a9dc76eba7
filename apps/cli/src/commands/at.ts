import { type Command, part } from '@a7600/at-codec';
import {
  type Described,
  decoded,
  describedBy,
  dialogueOf,
  hideSecrets,
  type Reply,
  typedCommand,
  withLink,
} from '@a7600/diagnostics/dialogue';
import { type Command as CommandLine, InvalidArgumentError } from 'commander';
import { concatMap, defer, from, map, type Observable, takeWhile, tap } from 'rxjs';
import type { Console } from '../console.js';
import { ExitCode as Exit, type ExitCode, exitCodeOf } from '../exit-code.js';
import type { Subcommand } from '../subcommand.js';

/** Sends command lines and prints their answers, decoded below. */
export const at: Subcommand = {
  notes: `The commands are sent in order. The first one that fails ends the script, unless --keep-going is given.

Examples:
  a7600 at AT+CSQ
  a7600 at --serial /dev/ttyUSB2 ATI 'AT+CPIN?' 'AT+CGDCONT?'`,
  connects: true,
  onlyLine: true,
  define: (command: CommandLine) =>
    command
      .argument('<command...>', 'command lines, AT included')
      .option('--keep-going', 'send the others after one that failed')
      .option('--timeout <seconds>', 'time for each answer (default: that of the manual)', milliseconds),
  run: ({ args, options, connection, console }) =>
    defer(() => {
      const { timeout, keepGoing = false } = options as Options;
      const commands = args.map((text) => readable(text));
      if (args.some((text) => hideSecrets(text) !== text)) console.tell(SEEN);
      let worst: ExitCode = Exit.Done;
      return withLink(connection.transport(), (link) => {
        const dialogue = dialogueOf(link);
        return from(commands).pipe(
          concatMap(
            ({ command, described }): Observable<Reply<Read>> =>
              dialogue.ask(command, timeout).pipe(tap((reply) => show(reply, described, console))),
          ),
          takeWhile(({ error }) => error === undefined || keepGoing, true),
          map(({ error }) => {
            if (error !== undefined && worst === Exit.Done) worst = exitCodeOf(error);
            return worst;
          }),
        );
      });
    }),
};

/** What a person is told who types a secret where others see it. */
export const SEEN =
  'A secret on the command line is seen by other users of this computer, and the shell keeps it in its history. ' +
  '`a7600 doctor --pin-file FILE` gives a PIN without that, and so does typing it in `a7600 term`.';

interface Options {
  /** In ms. */
  readonly timeout?: number;
  readonly keepGoing?: boolean;
}

/** What an answer says, where the SDK knows the command. */
interface Read {
  readonly value: unknown;
}

function readable(text: string): {
  readonly command: Command<Read>;
  readonly described: Described | undefined;
} {
  const typed = typedCommand(text);
  const described = describedBy(text);
  const command: Command<Read> = {
    ...typed,
    read: (answer) => ({ value: described && read(described, answer) }),
  };
  return { command, described };
}

/**
 * Reads an answer, if the SDK can.
 *
 * @param described the command
 * @param answer what the module printed
 * @returns the value; undefined for an answer that is shown as it is
 */
export function read({ command }: Described, answer: Parameters<Command['read']>[0]): unknown {
  try {
    return command.read({ ...part(answer, command.claims), outcome: answer.outcome });
  } catch {
    return undefined;
  }
}

function show(
  { label, lines, value, error, elapsed }: Reply<Read>,
  described: Described | undefined,
  console: Console,
) {
  const { style } = console;
  console.print(style.bold(label));
  for (const line of lines) console.print(line);
  const words = value?.value === undefined || described === undefined ? [] : decoded(described, value.value);
  for (const line of words) console.print(style.dim(`  ${line}`));
  if (error !== undefined) console.complain(error.message);
  console.value({
    command: label,
    lines,
    value: value?.value,
    ...(error !== undefined && { error: error.message }),
    elapsed: Math.round(elapsed),
  });
}

function milliseconds(value: string): number {
  const seconds = Number(value);
  if (!(seconds > 0 && seconds <= 600))
    throw new InvalidArgumentError('It must be from 0.001 to 600 seconds.');
  return seconds * 1_000;
}
