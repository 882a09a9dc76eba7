import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { at } from '@a7600/at-codec';
import type { Modem, NetworkOptions } from '@a7600/tcpip';
import { catchError, first, lastValueFrom, type Observable, of, switchMap, throwError } from 'rxjs';
import type { Connection } from '../connection/connection.js';
import { type Online, online } from '../connection/network.js';
import type { Console } from '../console.js';
import type { ExitCode } from '../exit-code.js';
import { listening } from '../running/listening.js';
import { task } from '../running/task.js';
import { peerError } from '../tunnel/peer-error.js';
import { type AccessMode, allowed, type Limits, onLine } from './allowed.js';
import { onConnection } from './connection.js';
import { down, roundTrips, SILENCE, STRIDE, type Transfer, up } from './measure.js';
import { speedServer } from './server.js';

/** Payload for each direction in bytes, unless a person wants another size. */
export const USUAL_SIZE = 200_000;
const TRIPS = 10;
/** Commands whose answers show how long the module takes. */
const COMMANDS = 10;

/** What is measured. */
export interface SpeedOptions {
  /** Where `a7600 speed --serve` runs; undefined for one of this process, which an emulated module reaches. */
  readonly server: Pick<AddressInfo, 'address' | 'port'> | undefined;
  /** Payload for each direction in bytes. */
  readonly size: number;
  readonly receive: AccessMode;
}

/**
 * Brings the modem of the command line online, measures latency and goodput, and prints them.
 *
 * @param connection the modem
 * @param console where the results go
 * @param options see {@link SpeedOptions}
 * @returns a cold observable that emits once, when all is measured; errors when it cannot be
 */
export function measuredSpeed(
  connection: Connection,
  console: Console,
  { server, size, receive }: SpeedOptions,
): Observable<ExitCode> {
  const server$ =
    server === undefined ? listening(speedServer(), { host: '127.0.0.1', port: 0 }, 'PORT') : of(server);
  return server$.pipe(
    switchMap((to) =>
      online(connection, { network: accessing(receive) }).pipe(
        switchMap((opened) =>
          task((signal) => measured(opened, { connection, console, size, receive, server: to, signal })),
        ),
        catchError((error: unknown) =>
          throwError(() => peerError(error, { host: to.address, port: to.port }, connection.reach)),
        ),
      ),
    ),
    first(),
  );
}

/** The network for an access mode. */
function accessing(receive: AccessMode): NetworkOptions {
  return receive === 'transparent' ? { transparent: true } : { receive };
}

interface Measuring {
  readonly connection: Connection;
  readonly console: Console;
  readonly size: number;
  readonly receive: AccessMode;
  readonly server: Pick<AddressInfo, 'address' | 'port'>;
  readonly signal: AbortSignal;
}

async function measured(
  { modem, network }: Online,
  { connection, console, ...how }: Measuring,
): Promise<void> {
  const { size, receive, server, signal } = how;
  const { target } = connection;
  const baudRate = 'baudRate' in target ? target.baudRate : undefined;
  const limits = { baudRate, receive, turnaround: await turnaround(modem, baudRate) };
  const to = {
    host: server.address,
    port: server.port,
    halfCloseTimeout: 2_000,
    reach: connection.reach,
    signal,
  };
  const using = <T>(work: (socket: Duplex) => Promise<T>) =>
    onConnection(network, to, receive === 'transparent', work);
  const progress = progressOf(console, size);
  // A line of a low rate shows progress rarely.
  const timeout = SILENCE + onLine(STRIDE * 2, baudRate);
  const measuring = (name: string) => ({ onProgress: progress(name), timeout });
  const trips = await using((socket) => roundTrips(socket, TRIPS));
  const [least = 0, median = 0, most = 0] = [trips[0], trips[trips.length >> 1], trips.at(-1)];
  console.print(
    `Latency  ${ms(least)} least, ${ms(median)} median, ${ms(most)} most, of ${TRIPS} round trips`,
  );
  const downloaded = await using((socket) => down(socket, size, measuring('Down')));
  console.print(`Down     ${described(downloaded, allowed('down', limits))}`);
  const uploaded = await using((socket) => up(socket, size, measuring('Up')));
  console.print(`Up       ${described(uploaded, allowed('up', limits))}`);
  console.print(`Limits   ${limitsInWords(limits)}`);
  console.value({
    latency: { least, median, most },
    down: { ...downloaded, allowed: finite(allowed('down', limits)) },
    up: { ...uploaded, allowed: finite(allowed('up', limits)) },
    limits,
  });
}

/** The median time that the module takes for `AT`, without that of the line, in ms. */
async function turnaround(modem: Modem, baudRate: number | undefined): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < COMMANDS; count++) {
    const started = performance.now();
    await lastValueFrom(modem.run(at()), { defaultValue: undefined });
    times.push(performance.now() - started);
  }
  times.sort((one, other) => one - other);
  return Math.max(0, (times[COMMANDS >> 1] ?? 0) - onLine('AT\r'.length + '\r\nOK\r\n'.length, baudRate));
}

/** Shows on a terminal how far it is. */
function progressOf({ messages, quiet }: Console, size: number) {
  return (name: string) => (done: number) => {
    if (quiet || messages.isTTY !== true) return;
    messages.write(done >= size ? '\r\x1b[K' : `\r${name} ${Math.floor((100 * done) / size)} %\x1b[K`);
  };
}

function described({ bytes: size, seconds }: Transfer, most: number): string {
  const goodput = size / seconds;
  const share = Number.isFinite(most)
    ? `, ${((100 * goodput) / most).toFixed(0)} % of the ${rate(most)} that line and module allow`
    : '';
  return `${rate(goodput)}, ${size} bytes in ${seconds.toFixed(1)} s${share}`;
}

function limitsInWords({ baudRate, receive, turnaround: taken }: Limits): string {
  const line = baudRate === undefined ? 'no serial line is known' : `${baudRate} baud`;
  return `${line}, access mode ${receive}, the module answers AT in ${ms(taken)}`;
}

function rate(perSecond: number): string {
  return perSecond >= 10_000_000
    ? `${(perSecond / 1e6).toFixed(1)} MB/s`
    : `${(perSecond / 1_000).toFixed(1)} kB/s`;
}

function ms(time: number): string {
  return `${time.toFixed(1)} ms`;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
