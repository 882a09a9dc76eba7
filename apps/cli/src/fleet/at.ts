import type { Command } from '@a7600/at-codec';
import { decoded, describedBy, typedCommand } from '@a7600/diagnostics/dialogue';
import { type FleetModem, isFleetError } from '@a7600/fleet';
import { catchError, concatMap, defer, from, ignoreElements, type Observable, tap, throwError } from 'rxjs';
import { read } from '../commands/at.js';
import type { Console } from '../console.js';
import { type ExitCode, UsageError } from '../exit-code.js';
import { withOpen } from '../running/with-open.js';
import type { Subcommand } from '../subcommand.js';
import { withFleetModem } from './found.js';
import { addFleetOptions, type FleetOptions } from './options.js';

/** Sends command lines to a modem of a fleet. */
export const at: Subcommand = {
  notes: `The commands are sent in order; the first one that fails ends the script. Commands that change something need the
lease of the modem (--lease), which keeps others from changing it meanwhile.

Examples:
  a7600 fleet at ROOF-17/east AT+CSQ --nats nats://127.0.0.1:4222
  a7600 fleet at 861234567890123 'AT+CFUN=1,1' --lease --nats tls://nats.example --creds desk.nk`,
  connects: false,
  define: (command) =>
    addFleetOptions(
      command
        .argument('<modem>', 'IMEI, name, or agent and name: ROOF-17/east')
        .argument('<command...>', 'command lines, AT included')
        .option('--lease', 'take the lease of the modem, for commands that change something'),
    ),
  run: ({ args, options, console }) =>
    defer(() => {
      const [wanted = '', ...lines] = args;
      const commands = lines.map((text) => readable(text));
      const given = options as unknown as FleetOptions & { readonly lease?: boolean };
      const send = (modem: FleetModem) =>
        from(commands).pipe(
          concatMap(({ text, command }) =>
            modem.run(command).pipe(tap((answer) => show(text, answer, console))),
          ),
        );
      const work = (modem: FleetModem) =>
        given.lease ? withOpen(modem.lease({ holder: 'a7600 fleet at' }), send) : send(modem);
      return withFleetModem(given, console, wanted, work).pipe(
        ignoreElements(),
        catchError((error: unknown) =>
          throwError(() => (isFleetError(error, 'LEASE_REQUIRED') ? NO_LEASE : error)),
        ),
      ) as Observable<ExitCode>;
    }),
};

const NO_LEASE = new UsageError(
  'The command changes the modem for everybody, which needs its lease. Repeat it with --lease.',
);

interface Answer {
  readonly lines: readonly string[];
  readonly value: unknown;
  readonly words: readonly string[];
}

function readable(text: string): { readonly text: string; readonly command: Command<Answer> } {
  const typed = typedCommand(text);
  const described = describedBy(text);
  const command: Command<Answer> = {
    ...typed,
    read(answer) {
      const value = described && read(described, answer);
      const words = value === undefined || described === undefined ? [] : decoded(described, value);
      return { lines: typed.read(answer), value, words };
    },
  };
  return { text: typed.label, command };
}

function show(text: string, { lines, value, words }: Answer, console: Console): void {
  const { style } = console;
  console.print(style.bold(text));
  for (const line of lines) console.print(line);
  for (const line of words) console.print(style.dim(`  ${line}`));
  console.value({ command: text, lines, value });
}
