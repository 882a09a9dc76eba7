import { cgauth } from '@a7600/diagnostics/dialogue';
import type { Diagnosis, DoctorOptions } from '@a7600/diagnostics/doctor';
import { bundled } from '@a7600/diagnostics/doctor';
import { type Command, Option } from 'commander';
import { asyncScheduler, concat, defer, EMPTY, from, map, type Observable, switchMap, tap } from 'rxjs';
import { fileSink } from '../capture/sink.js';
import type { Connection } from '../connection/connection.js';
import { type Address, address, integer } from '../connection/options.js';
import type { Target } from '../connection/target.js';
import { targetOption } from '../connection/target-option.js';
import type { Console } from '../console.js';
import { hostFacts } from '../doctor/host.js';
import { reporter } from '../doctor/report.js';
import { ExitCode, UsageError } from '../exit-code.js';
import { checkWritable, writeGiven } from '../given-file.js';
import { showingTime } from '../running/showing-time.js';
import { measuredSpeed, USUAL_SIZE } from '../speed/measured.js';
import type { Subcommand } from '../subcommand.js';
import { withDefault } from '../with-default.js';

interface Options {
  readonly target: Address;
  /** In ms. */
  readonly wait: number;
  /** A file. */
  readonly bundle?: string;
  /** Where `a7600 speed --serve` runs; true without an address. */
  readonly speed?: Address | true;
}

/** Finds out why a modem does not work. */
export const doctor: Subcommand = {
  notes: `It looks at the port, the module, its SIM, its networks and a connection out, in this order, prints a line for
each step, and then one verdict: the first cause, the evidence, the next command to type.

Examples:
  a7600 doctor
  a7600 doctor --serial /dev/ttyUSB2 --apn internet --target mqtt.example.org:8883
  a7600 doctor --speed server.example.com:7600     with 'a7600 speed --serve' on that computer`,
  connects: true,
  define: (command: Command) =>
    command
      .addOption(targetOption())
      .option('--bundle <file>', 'write a recording, without secrets, that shows the same verdict')
      .addOption(
        new Option('--speed [host:port]', 'measure latency and goodput of a modem that works').argParser(
          address,
        ),
      )
      .addOption(withDefault('--wait <seconds>', 'time for SIM and registration', seconds, '30')),
  run: ({ connection, options, console }) =>
    defer(() => {
      const { target, wait, bundle, speed } = options as unknown as Options;
      const settings = settingsOf(connection);
      const measured$ = speed === undefined ? EMPTY : speedOf(connection, console, speed);
      const write = bundleFile(bundle, console);
      const examined$ = from(hostFacts(pathOf(connection.target))).pipe(
        switchMap((host) => {
          const { diagnosis$, text } = bundled(connection.transport(target), {
            ...settings,
            host,
            target,
            readyTimeout: wait,
          });
          const written$ = diagnosis$.pipe(tap({ complete: () => write(text()) }));
          return shown(written$, console);
        }),
      );
      let last: ExitCode = ExitCode.Done;
      const exit$ = examined$.pipe(
        tap((exit) => {
          last = exit;
        }),
      );
      // The last exit code is that of the verdict.
      return concat(
        exit$,
        defer(() => (last === ExitCode.Done ? measured$ : EMPTY)),
      );
    }),
};

/** Measures latency and goodput; an emulated module needs no server for that. */
function speedOf(connection: Connection, console: Console, server: Address | true): Observable<ExitCode> {
  const { kind } = connection.target;
  if (kind === 'replay') throw new UsageError('A recording has no speed: --speed needs a module.');
  if (server === true && kind !== 'emulated') {
    throw new UsageError('Say where `a7600 speed --serve` runs: --speed HOST:PORT.');
  }
  return measuredSpeed(connection, console, {
    server: server === true ? undefined : { address: server.host, port: server.port },
    size: USUAL_SIZE,
    receive: 'buffer',
  });
}

/**
 * Checks the file of a bundle, so that one that cannot be written is known before the examination. An earlier bundle stays
 * until there is a new one.
 *
 * @param file where to write; undefined writes nothing
 * @param console where to say so
 * @returns writes the bundle
 * @throws {UsageError} if the file cannot be written
 */
function bundleFile(file: string | undefined, console: Console): (text: string) => void {
  if (file === undefined) return () => {};
  writeGiven('--bundle', file, () => checkWritable(file));
  return (text) => {
    const sink = fileSink(file, '--bundle');
    sink.write(Buffer.from(text));
    sink.close();
    console.tell(`Wrote ${file}; \`a7600 replay ${file}\` shows this verdict again.`);
  };
}

/** Prints the steps while they come; emits the exit code of the verdict. */
export function shown(work$: Observable<Diagnosis>, console: Console): Observable<ExitCode> {
  const report = reporter(console);
  return work$.pipe(
    showingTime(console, 'Examining', asyncScheduler),
    tap((diagnosis) => report(diagnosis)),
    map((diagnosis) => ('verdict' in diagnosis ? diagnosis.verdict.exit : ExitCode.Done)),
  );
}

function settingsOf({
  target,
  apn,
  user = '',
  password,
  pin,
}: Connection): Omit<DoctorOptions, 'host' | 'target' | 'readyTimeout'> {
  const login = password === undefined ? undefined : { user, password };
  // Refuses what the module would not take, before anything is opened.
  if (login !== undefined) cgauth(login);
  return {
    scheduler: asyncScheduler,
    connection: argumentsOf(target),
    baudRate: 'baudRate' in target ? target.baudRate : undefined,
    searched: target.kind === 'found',
    apn,
    login,
    pin,
  };
}

/** The connection options, as they are to be typed again. */
function argumentsOf(target: Target): string {
  const rate = 'baudRate' in target && target.baudRate !== 115_200 ? ` --baud ${target.baudRate}` : '';
  switch (target.kind) {
    case 'serial':
      return `--serial ${target.path}${rate}`;
    case 'found':
    case 'usb':
      return rate.trim();
    case 'tcp':
      return `--tcp ${target.address.host}:${target.address.port}`;
    case 'rfc2217':
      return `--rfc2217 ${target.address.host}:${target.address.port}${rate}`;
    case 'emulated':
      return `--emulated ${target.profile}`;
    case 'replay':
      return `--replay ${target.file}`;
  }
}

function pathOf(target: Target): string | undefined {
  return target.kind === 'serial' ? target.path : undefined;
}

function seconds(value: string): number {
  return integer(value, 1, 600) * 1_000;
}
