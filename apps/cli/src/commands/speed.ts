import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { at } from '@a7600/at-codec';
import type { Modem, NetworkOptions } from '@a7600/tcpip';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { defer, first, lastValueFrom, NEVER, type Observable, of, switchMap, tap } from 'rxjs';
import type { Connection } from '../connection/connection.js';
import { type Online, online } from '../connection/network.js';
import { integer } from '../connection/options.js';
import type { Console } from '../console.js';
import { type ExitCode, UsageError } from '../exit-code.js';
import { isLoopback } from '../proxy/access.js';
import { type ListenAt, listenAt, listening, shown } from '../running/listening.js';
import { task } from '../running/task.js';
import { type AccessMode, allowed, type Limits, onLine } from '../speed/allowed.js';
import { onConnection } from '../speed/connection.js';
import { down, roundTrips, SILENCE, STRIDE, type Transfer, up } from '../speed/measure.js';
import { MOST, speedServer } from '../speed/server.js';
import type { Subcommand } from '../subcommand.js';
import { withDefault } from '../with-default.js';
import { portOf } from './connect.js';

/** Where `--serve` listens unless it is told otherwise. */
const SERVER: ListenAt = { host: '127.0.0.1', port: 7_600 };
const TRIPS = 10;
/** Commands whose answers show how long the module takes. */
const COMMANDS = 10;

/** Measures goodput and latency, beside what the line allows. */
export const speed: Subcommand = {
  notes: `The server is another a7600, on a computer that the mobile network reaches:
  a7600 speed --serve 0.0.0.0:7600
  a7600 speed --apn internet server.example.com 7600

On an emulated module, the server is started by itself: a7600 speed --emulated`,
  connects: true,
  define: (command: Command) =>
    command
      .argument('[host]', 'where the server runs')
      .addArgument(new Argument('[port]', 'its port').default(`${SERVER.port}`, `${SERVER.port}`))
      .addOption(
        new Option('--serve [[host:]port]', `be the server instead (default: ${shown(SERVER)})`)
          .preset(`${SERVER.port}`)
          .argParser((value) => listenAt(value, SERVER)),
      )
      .addOption(withDefault('--bytes <number>', 'payload for each direction', bytes, '200000'))
      .addOption(
        new Option('--receive <mode>', 'how the module hands out what comes')
          .choices(['buffer', 'hex', 'push', 'transparent'])
          .default('buffer'),
      ),
  run: ({ args, options, connection, console }) =>
    defer(() => {
      const { serve, bytes: size, receive } = options as unknown as Options;
      if (serve !== undefined) return serving(serve, console);
      const [host, port] = args;
      const isEmulated = connection.target.kind === 'emulated';
      if (host === undefined && !isEmulated) {
        throw new UsageError(
          'Say where the server is: a7600 speed HOST [PORT]. `a7600 speed --serve` starts one.',
        );
      }
      const server$ =
        host === undefined
          ? listening(speedServer(), { host: '127.0.0.1', port: 0 }, 'PORT')
          : of({ address: host, port: portOf(port) });
      return server$.pipe(
        switchMap((server) =>
          online(connection, { network: accessing(receive) }).pipe(
            switchMap((opened) =>
              task((signal) => measured(opened, { connection, console, size, receive, server, signal })),
            ),
          ),
        ),
        first(),
      );
    }),
};

interface Options {
  readonly serve?: ListenAt;
  readonly bytes: number;
  readonly receive: AccessMode;
}

/** The network for an access mode. */
function accessing(receive: AccessMode): NetworkOptions {
  return receive === 'transparent' ? { transparent: true } : { receive };
}

function serving(at: ListenAt, console: Console): Observable<ExitCode> {
  return listening(speedServer(), at, '--serve').pipe(
    tap(({ port }) => {
      console.value({ listening: { ...at, port } });
      console.print(`Waiting for a7600 speed on ${shown({ ...at, port })}. Ctrl-C ends it.`);
      if (isLoopback(at.host))
        console.tell('Only this computer reaches it; use --serve 0.0.0.0:PORT for others.');
    }),
    switchMap(() => NEVER),
  );
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
  const to = { host: server.address, port: server.port, halfCloseTimeout: 2_000, signal };
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

function bytes(value: string): number {
  const number = integer(value, 1, MOST);
  if (number < 10_000) throw new InvalidArgumentError('It must be at least 10000, or chance decides.');
  return number;
}
