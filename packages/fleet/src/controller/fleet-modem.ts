import type { Command } from '@a7600/at-codec';
import type {
  BindOptions,
  ConnectOptions,
  LinkInfo,
  ListenOptions,
  ReceiveMode,
  TcpSocket,
  UdpSocket,
} from '@a7600/tcpip';
import { defer, distinctUntilChanged, filter, finalize, from, map, mergeMap, type Observable } from 'rxjs';
import { isFleetError } from '../base/errors.js';
import { checked, replySchemas } from '../protocol/schemas.js';
import { decode, describe } from './describe.js';
import type { FleetEntry } from './directory.js';
import { type Lease, type LeaseOptions, takeLease } from './lease.js';
import type { FleetParts } from './parts.js';

/**
 * A modem of the fleet, with the operations of a local one. It is found for each operation: a modem whose agent
 * restarts is the same `FleetModem`. Apart from the errors of a local modem, each observable can error with those of the
 * fleet (`AGENT_GONE`, `ENGINE_AWAY`, `MODEM_UNKNOWN`, `MODEM_AMBIGUOUS`, `MODEM_OFFLINE`, `STREAM_LOST`,
 * `OUTCOME_UNKNOWN`, …).
 */
export interface FleetModem {
  /** What is known of it. Replays; emits changes, and nothing while it is not known. */
  readonly entry$: Observable<FleetEntry>;
  /** Its address in the mobile network; empty while it is not online. */
  readonly address: string;
  /** How received bytes come from the module: those of the fleet wait in the module. */
  readonly receive: ReceiveMode;
  /** The links in use, as its agent reported them. Replays. */
  readonly links$: Observable<readonly LinkInfo[]>;
  /**
   * Sends a command when its turn comes. What is not a query needs a lease: `LEASE_REQUIRED`, `LEASE_HELD`.
   *
   * @param command - A command of `@a7600/at-codec`; one that leads to data mode is `INVALID_ARGUMENT`.
   * @returns A cold observable, as of `Modem.run`. Unsubscribed while queued, it is never sent.
   */
  run<R>(command: Command<R>): Observable<R>;
  /**
   * Sends a command line as it is written.
   *
   * @param text - The command line, `AT` included, without CR.
   * @param timeout - The longest time for the answer in ms. Default 9000.
   * @returns A cold observable of the lines before the final result.
   */
  raw(text: string, timeout?: number): Observable<readonly string[]>;
  /**
   * Calls a procedure that the agent's program offers.
   *
   * @param name - Its name.
   * @param argument - What it is given; has to be JSON.
   * @param timeout - The longest time in ms. Default 120000.
   * @returns A cold observable of what it yields. Errors with `UNSUPPORTED` when there is none of that name.
   */
  call(name: string, argument?: unknown, timeout?: number): Observable<unknown>;
  /**
   * Takes the lease of the modem and keeps it until it is unsubscribed.
   *
   * @param options - How long it outlives a holder that stops (`ttl`, 1000 to 60000 ms, default 10000), and what the
   * holder calls itself.
   * @returns A cold observable that emits the modem with the lease once. Errors with `LEASE_HELD` when another holder
   * has it, and with `LEASE_LOST` when it is over.
   */
  lease(options?: {
    readonly ttl?: number | undefined;
    readonly holder?: string | undefined;
  }): Observable<LeasedModem>;
  /**
   * Connects to a TCP server.
   *
   * @param options - The peer.
   * @returns A cold observable, as of `Network.connect`.
   */
  connect(options: ConnectOptions): Observable<TcpSocket>;
  /**
   * Listens for TCP connections.
   *
   * @param options - The port.
   * @returns A cold observable, as of `Network.listen`.
   */
  listen(options: ListenOptions): Observable<TcpSocket>;
  /**
   * Opens a UDP socket.
   *
   * @param options - The local port, and perhaps a peer.
   * @returns A cold observable, as of `Network.bind`.
   */
  bind(options: BindOptions): Observable<UdpSocket>;
  /**
   * Looks a name up with the name servers of the network.
   *
   * @param host - The name.
   * @returns A cold observable of the addresses.
   */
  resolve(host: string): Observable<string>;
  /**
   * Watches the dialogue between the agent and the module, secrets and payload hidden.
   *
   * @returns A cold observable of one link, whose bytes are a line of JSON for each step.
   */
  record(): Observable<TcpSocket>;
}

/** A modem with its lease: it may change settings, restart the module and use transparent mode. */
export interface LeasedModem extends FleetModem {
  /** The lease. */
  readonly epoch: number;
  /**
   * Opens a transparent session, on a modem whose agent opens its network with `transparent: true`.
   *
   * @param options - The peer.
   * @returns A cold observable, as of `Network.transparent`. Errors with `LEASE_LOST` when the lease is over.
   */
  transparent(options: { readonly host: string; readonly port: number }): Observable<TcpSocket>;
}

const RAW_TIMEOUT = 9_000;

/** Makes a modem that `find` finds; see {@link FleetModem}. */
export function fleetModem(parts: FleetParts, find: () => FleetEntry, lease?: Lease): FleetModem {
  const { directory, requester, streams, dialect, turnTimeout } = parts;
  const open = (json: { readonly kind: string } & Record<string, unknown>, onReleased?: () => void) => ({
    entry: find(),
    json,
    lease: lease?.header,
    onReleased,
  });
  const known = () => {
    try {
      return find();
    } catch (error) {
      if (isFleetError(error)) return undefined;
      throw error;
    }
  };
  return {
    entry$: directory.entries$.pipe(
      map(known),
      filter((entry) => entry !== undefined),
      distinctUntilChanged(),
    ),
    get address() {
      return known()?.address ?? '';
    },
    receive: 'buffer',
    links$: directory.entries$.pipe(
      map(() => known()?.links ?? []),
      distinctUntilChanged(),
    ),
    run: (command) =>
      defer(() => {
        const entry = find();
        let id: string | undefined;
        const asked$ = requester.ask(entry, {
          verb: 'run',
          json: describe(command),
          bytes: command.payload,
          timeout: command.timeout + turnTimeout,
          lease: lease?.header,
          onId: (given) => {
            id = given;
          },
        });
        let isDone = false;
        return asked$.pipe(
          map(({ bytes }) => {
            isDone = true;
            return decode(command, bytes, dialect);
          }),
          finalize(() => {
            if (!isDone && id !== undefined) requester.cancel(entry, id);
          }),
        );
      }),
    raw: (text, timeout = RAW_TIMEOUT) =>
      defer(() =>
        requester.ask(find(), {
          verb: 'raw',
          json: { text, timeout },
          timeout: timeout + turnTimeout,
          lease: lease?.header,
        }),
      ).pipe(map(({ json }) => checked(replySchemas.raw, json, 'The answer to a raw command').lines)),
    call: (name, argument, timeout = 120_000) =>
      defer(() =>
        requester.ask(find(), { verb: 'call', json: { name, argument }, timeout, lease: lease?.header }),
      ).pipe(map(({ json }) => checked(replySchemas.call, json, 'The answer of a procedure').value)),
    lease: (options = {}) => leasedModem(parts, find, options),
    connect: ({ host, port, localPort, onReleased }) =>
      defer(() => streams.link(open({ kind: 'connect', host, port, localPort }, onReleased))),
    listen: ({ port, onReleased }) => defer(() => streams.listen(open({ kind: 'listen', port }, onReleased))),
    bind: ({ port, remote, onReleased }) =>
      defer(() =>
        streams.bind(open({ kind: 'bind', port, host: remote?.host, peerPort: remote?.port }, onReleased)),
      ),
    resolve: (host) =>
      defer(() => requester.ask(find(), { verb: 'resolve', json: { host }, timeout: 120_000 })).pipe(
        mergeMap(({ json }) => from(checked(replySchemas.resolve, json, 'The answer to a lookup').addresses)),
      ),
    record: () => defer(() => streams.link(open({ kind: 'record' }))),
  };
}

function leasedModem(
  parts: FleetParts,
  find: () => FleetEntry,
  options: LeaseOptions,
): Observable<LeasedModem> {
  return defer(() => {
    const entry = find();
    return takeLease(parts, entry, options).pipe(
      map((lease) => {
        const modem = fleetModem(parts, () => entry, lease);
        const transparent: LeasedModem['transparent'] = ({ host, port }) =>
          defer(() =>
            parts.streams.link({ entry, json: { kind: 'transparent', host, port }, lease: lease.header }),
          );
        // The prototype keeps the getter of the address.
        return Object.assign(Object.create(modem) as FleetModem, { epoch: lease.epoch, transparent });
      }),
    );
  });
}
