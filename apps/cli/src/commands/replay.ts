import { isBundle, reexamine } from '@a7600/diagnostics/doctor';
import type { Transport } from '@a7600/transport';
import { replay as played, type RecordingEntry } from '@a7600/transport/recording';
import { Option } from 'commander';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  from,
  ignoreElements,
  map,
  type Observable,
  switchMap,
  take,
  tap,
  throwError,
} from 'rxjs';
import { integer } from '../connection/options.js';
import { traceLine } from '../connection/traced.js';
import type { Console } from '../console.js';
import { reporter } from '../doctor/report.js';
import { ExitCode, UsageError } from '../exit-code.js';
import { readGiven } from '../given-file.js';
import { forTime } from '../running/for-time.js';
import { addFor } from '../running/long-running.js';
import type { PlaceOptions } from '../running/placed.js';
import type { Subcommand } from '../subcommand.js';

interface Options {
  /** In ms; for ever without it. */
  readonly for?: number;
  readonly pty?: string | true;
  readonly tcp?: number;
  readonly speed?: number;
}

/** Plays a recording: as a report, or as the device that was recorded. */
export const replay: Subcommand = {
  notes: `A bundle of \`a7600 doctor --bundle\` is examined again and shows the same verdict.

Examples:
  a7600 replay modem.jsonl
  a7600 replay modem.jsonl --pty ./modem`,
  connects: false,
  endsBySignal: true,
  define: (command) =>
    addFor(command)
      .argument('<file>', 'a recording, or a bundle of doctor')
      .option('--pty [link]', 'play the modem on a pseudo-terminal, with a symbolic link to it')
      .addOption(
        new Option('--tcp <port>', 'play the modem on a TCP port of this computer; 0 is any free one')
          .argParser(port)
          .conflicts('pty'),
      )
      .option('--speed <factor>', 'how fast it plays there (default: 1, as recorded)', factor),
  run: ({ args: [file = ''], options, console }) =>
    defer(() => {
      const text = readGiven('FILE', file);
      const { pty, tcp, speed, for: time } = options as unknown as Options;
      if (pty !== undefined || tcp !== undefined) {
        const device = played(text, { speed: speed ?? 1 });
        return concat(checked(text), elsewhere(device, { pty, tcp }, console, time));
      }
      if (speed !== undefined || time !== undefined)
        throw new UsageError('--speed and --for are about --pty or --tcp: a report is shown at once.');
      return isBundle(text) ? examinedAgain(text, console) : report(text, file, console);
    }),
};

/** Never emits; errors for a text that is no recording. */
function checked(text: string): Observable<never> {
  return played(text).pipe(take(1), ignoreElements(), catchError(unusable));
}

function unusable(error: unknown): Observable<never> {
  return throwError(() => new UsageError((error as Error).message));
}

/** Plays the device to other programs. What puts it there is loaded only for this. */
function elsewhere(
  device: Transport,
  place: PlaceOptions,
  console: Console,
  time: number | undefined,
): Observable<ExitCode> {
  return from(import('../running/placed.js')).pipe(
    switchMap(({ inWords, placed }) =>
      placed(device, place, ({ message }) => console.complain(message)).pipe(
        tap((found) => {
          console.print(`The recorded modem is on ${inWords(found)}.`);
          console.value(found);
        }),
      ),
    ),
    forTime(time),
    ignoreElements(),
  );
}

function examinedAgain(text: string, console: Console): Observable<ExitCode> {
  const { recorded, diagnoses } = reexamine(text);
  const show = reporter(console);
  const last = diagnoses.at(-1);
  const code = last !== undefined && 'verdict' in last ? last.verdict.code : undefined;
  return concat(
    from(diagnoses).pipe(
      tap((diagnosis) => show(diagnosis)),
      map((diagnosis) => ('verdict' in diagnosis ? diagnosis.verdict.exit : ExitCode.Done)),
    ),
    defer(() => {
      if (code !== recorded.code)
        console.complain(`When it was recorded, the verdict was: ${recorded.title} (${recorded.code})`);
      return EMPTY;
    }),
  );
}

/** The dialogue, line after line, and what stands out in it. */
function report(text: string, file: string, console: Console): Observable<ExitCode> {
  // Reading it says whether it is a recording.
  const [, ...lines] = text.split('\n').filter((line) => line !== '');
  return played(text).pipe(
    map((): ExitCode => {
      const entries = lines.map((line) => JSON.parse(line) as RecordingEntry);
      for (const entry of entries) {
        console.value(entry);
        console.print(traceLine(entry));
      }
      const duration = ((entries.at(-1)?.at ?? 0) / 1_000).toFixed(1);
      const sent = entries.filter(({ way, text }) => way === 'sent' && /^at/i.test(text));
      const refused = entries.filter(({ way, text }) => way === 'received' && /ERROR/.test(text));
      console.tell(`${file}: ${duration} s, ${sent.length} commands, ${refused.length} errors.`);
      return ExitCode.Done;
    }),
    take(1),
    catchError(unusable),
  );
}

function port(value: string): number {
  return integer(value, 0, 65_535);
}

function factor(value: string): number {
  return integer(value, 1, 1_000_000);
}
