import { cgauth } from '@a7600/diagnostics/dialogue';
import {
  type KeepOnlineOptions,
  type Modem,
  type ModemOptions,
  modem,
  type Network,
  type NetworkOptions,
} from '@a7600/tcpip';
import { remedyOf } from '@a7600/transport';
import { concat, EMPTY, ignoreElements, map, type Observable, switchMap, tap } from 'rxjs';
import type { Connection } from './connection.js';
import { type CurrentNetwork, currentNetwork } from './current-network.js';

/** How a modem is brought into its network, apart from what the command line says. */
export interface OpeningOptions {
  readonly modem?: ModemOptions;
  readonly network?: NetworkOptions;
}

/** A modem that is ready, with its network open. */
export interface Online {
  readonly modem: Modem;
  readonly network: Network;
}

/**
 * Opens the modem and the network of the command line, with its access point, user and PIN. Cold: emits once,
 * errors as `modem()` and `network()` do; unsubscribing closes both in order.
 */
export function online(connection: Connection, options: OpeningOptions = {}): Observable<Online> {
  const { apn, pin, onState } = connection;
  return modem(connection.transport(), { pin, onState, ...options.modem }).pipe(
    tap((opened) => connection.use(opened)),
    switchMap((opened) =>
      concat(
        authentication(connection, opened).pipe(ignoreElements()),
        opened.network({ apn, ...options.network }),
      ).pipe(map((network) => ({ modem: opened, network }))),
    ),
  );
}

/**
 * Opens the modem and the network of the command line, and opens them again whenever they are lost. Cold: emits once,
 * at once; errors when they cannot be opened the first time, and when no attempt can help; unsubscribing closes
 * everything in order.
 */
export function stayOnline(
  connection: Connection,
  options: OpeningOptions & Pick<KeepOnlineOptions, 'onStatus'> = {},
): Observable<CurrentNetwork> {
  const { apn, pin, onState } = connection;
  let wasOnline = false;
  return currentNetwork(connection.transport(), {
    modem: { pin, onState, ...options.modem },
    network: { apn, ...options.network },
    prepare(opened) {
      connection.use(opened);
      return authentication(connection, opened);
    },
    // A person who has just started the program wants to know what is wrong.
    reconnect: { retryable: (error) => wasOnline && remedyOf(error).retry },
    onStatus(status) {
      wasOnline ||= status.state === 'online';
      options.onStatus?.(status);
    },
  });
}

/** Tells the module user name and password of the access point (`AT+CGAUTH`), if there are any. */
function authentication({ user, password }: Connection, { run }: Modem): Observable<unknown> {
  return password === undefined ? EMPTY : run(cgauth({ user: user ?? '', password }));
}
