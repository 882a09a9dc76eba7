import type { OnlineStatus } from '@a7600/tcpip';
import { withDiagnostics } from '@a7600/tcpip/node';
import { type Command, InvalidArgumentError } from 'commander';
import { defer, delay, map, NEVER, Observable, switchMap, take, takeUntil } from 'rxjs';
import type { CurrentNetwork } from '../connection/current-network.js';
import { type OpeningOptions, stayOnline } from '../connection/network.js';
import { integer } from '../connection/options.js';
import type { Console } from '../console.js';
import type { ExitCode } from '../exit-code.js';
import type { Call } from '../subcommand.js';

/** Adds the option of subcommands that go on until a signal comes. */
export function addFor(command: Command): Command {
  return command.option('--for <seconds>', 'end after this time (default: go on until Ctrl-C)', milliseconds);
}

/** Adds the options of those that keep a network open, too. */
export function addRunningOptions(command: Command): Command {
  return addFor(command).option(
    '--metrics <port>',
    'serve metrics for Prometheus on a port of loopback',
    (value) => integer(value, 0, 65_535),
  );
}

/**
 * Keeps the network of the command line open for some work, tells the person of outages, and ends with the work or after
 * `--for`, which counts from the moment at which the network is open.
 *
 * @param call the call of the subcommand
 * @param work what uses the network
 * @param opening as for `stayOnline`
 * @returns errors when the network cannot be opened, or as the work does
 */
export function whileOnline(
  call: Call,
  work: (current: CurrentNetwork) => Observable<ExitCode>,
  opening: OpeningOptions = {},
): Observable<ExitCode> {
  const { connection, console, options } = call;
  const { for: time, metrics } = options as { readonly for?: number; readonly metrics?: number };
  const modem = metrics === undefined ? opening.modem : withDiagnostics(opening.modem);
  // What serves metrics is loaded where they are wanted, and before the first command that they count.
  const loaded$ = defer(async () =>
    metrics === undefined ? undefined : (await import('../metrics/serving.js')).serving,
  );
  const opened$ = loaded$.pipe(
    switchMap((serving) =>
      stayOnline(connection, { ...opening, ...(modem && { modem }), onStatus: outages(console) }).pipe(
        map((current) => ({ current, serving })),
      ),
    ),
  );
  // The network stays open while the work goes on, and closes when it is over.
  return new Observable((subscriber) => {
    subscriber.add(
      opened$.subscribe({
        next({ current, serving }) {
          if (metrics !== undefined) subscriber.add(serving?.(current, metrics, call).subscribe(subscriber));
          const over$ = time === undefined ? NEVER : current.source.pipe(take(1), delay(time));
          subscriber.add(work(current).pipe(takeUntil(over$)).subscribe(subscriber));
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  });
}

/** Tells the person when the network is lost, and when it is there again. */
function outages(console: Console): (status: OnlineStatus) => void {
  let isLost = false;
  return ({ state, step }) => {
    if (state === 'waiting' && step !== undefined) {
      isLost = true;
      const { error, delay } = step;
      const reason = error instanceof Error ? error.message : String(error);
      console.tell(`The network is lost: ${reason} Next attempt in ${(delay / 1_000).toFixed(1)} s.`);
    } else if (state === 'online' && isLost) {
      isLost = false;
      console.tell('The network is open again.');
    }
  };
}

/** Reads a time in seconds as ms. */
export function milliseconds(value: string): number {
  const seconds = Number(value);
  if (value.trim() === '' || !(seconds >= 0 && seconds <= 86_400)) {
    throw new InvalidArgumentError('It must be a number of seconds, at most 86400.');
  }
  return seconds * 1_000;
}
