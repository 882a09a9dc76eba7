/**
 * The public entry: a modem that lives as long as its subscription.
 *
 * @module
 */

import {
  type AtEvent,
  type Command,
  csq,
  type Identity,
  type SignalQuality,
  type Urc,
} from '@a7600/at-codec';
import {
  catchError,
  defer,
  endWith,
  exhaustMap,
  type Observable,
  of,
  ReplaySubject,
  share,
  takeUntil,
  timer,
} from 'rxjs';
import { assertCommand, assertUrc, checked } from '../base/given.js';
import type { LinkInfo } from '../links/link-handler.js';
import { type Network, network } from '../network/network.js';
import type { NetworkOptions } from '../network/options.js';
import { rawCommand } from '../session/raw.js';
import type { Session } from '../session/session.js';
import type { ModemState } from '../session/state.js';
import { runForUser } from '../session/user-commands.js';
import type { Discrepancy } from '../watch/discrepancy.js';
import type { Statistics } from '../watch/statistics.js';
import type { Traffic } from '../watch/traffic.js';

/** A module that answers, has its SIM ready and is registered. */
export interface Modem {
  /** What the module says that it is; undefined when it does not say. */
  readonly identity: Identity | undefined;
  /** Where the modem stands. Replays the latest; completes and errors as the modem does. */
  readonly state$: Observable<ModemState>;
  /** The links in use, by number. Replays; emits whenever something has changed. Completes with the modem. */
  readonly links$: Observable<readonly LinkInfo[]>;
  /**
   * The signal quality, asked for every `signalQualityInterval` while there is a subscriber. Shared, replays;
   * completes and errors as the modem does, and errors when the module does not answer.
   */
  readonly signalQuality$: Observable<SignalQuality>;
  /**
   * Sends a command when its turn comes. Cold: each subscription sends it once, emits what it
   * yields and completes, or errors with an `AtError` or `ModemError`; other commands are not
   * affected. Unsubscribed while queued, it is never sent.
   *
   * @param command - A command of `@a7600/at-codec`, or one made with its `command`.
   * @returns A cold observable of its value. Errors with `INVALID_ARGUMENT` when `command` is no command.
   * @example
   * modem.run(csq()).subscribe(({ rssi }) => console.log(rssi));
   */
  run<R>(command: Command<R>): Observable<R>;
  /**
   * Sends a command line as it is written, for a command without a descriptor. `AT&F` and `ATZ` are followed by
   * what the SDK has to set again. `NO CARRIER`, `BUSY`, `NO ANSWER` and `NO DIALTONE` end `ATD` and `ATA`.
   *
   * @param text - The command line, `AT` included, without CR.
   * @param timeout - The longest time for the answer in ms. Default 9000.
   * @returns A cold observable, as of `run`, of the lines before the final result. Errors with `INVALID_ARGUMENT`, and
   * nothing is sent, for a command that asks for data (`AT+CIPSEND`, `AT+CMGS`, …), leads to data mode (`ATO`, `ATD`
   * without `;`), or changes how the module talks (`ATE1`, `ATV0`, `ATQ1`, `ATS3`, `AT+IPR`, `AT+CMUX`, …).
   */
  raw(text: string, timeout?: number): Observable<readonly string[]>;
  /**
   * Emits the URCs of one kind.
   *
   * @param urc - Their descriptor.
   * @returns A hot observable of what they say, without replay; completes with the modem, however that ends.
   */
  urc$<T>(urc: Urc<T>): Observable<T>;
  /**
   * Bytes that passed over the mobile network since the first session of this modem, by cause and link.
   * Replays the latest; completes with the modem.
   */
  readonly traffic$: Observable<Traffic>;
  /** What has gone wrong on the line so far. Replays; emits with each change. Completes with the modem. */
  readonly statistics$: Observable<Statistics>;
  /**
   * Differences between the module's state and what the SDK believed, and what the SDK did about them. Hot,
   * no replay; completes with the modem.
   */
  readonly discrepancies$: Observable<Discrepancy>;
  /**
   * Events that neither a command nor a subscriber of `urc$` claimed. Hot, no replay; completes with the
   * modem.
   */
  readonly unhandled$: Observable<AtEvent>;
  /**
   * Opens the network: defines the PDP context, if an APN is given, and sends `AT+NETOPEN`. A network
   * that is open already is adopted after the links in it are closed; one that was opened with
   * settings that cannot be changed while it is open is closed and opened again.
   *
   * @param options - APN, receive mode and other settings. Default: as the module is set.
   * @returns A cold observable that emits the network once. Unsubscribing closes sockets, servers and then the
   * network. Errors when the network cannot be opened (`NETWORK_REFUSED`, `SETTING_REFUSED`), is lost
   * (`NETWORK_LOST`) or changed by another program (`NETWORK_CHANGED`).
   * @see Application note, 3.1.
   */
  network(options?: NetworkOptions): Observable<Network>;
  /**
   * Closes sockets, servers, the network and the port, in this order.
   *
   * @returns A cold observable that completes when all is closed, at the latest after `closeTimeout`.
   */
  close(): Observable<never>;
  /**
   * Closes the port at once. What is open on the module stays open.
   *
   * @returns A cold observable that completes when the port is closed.
   */
  abort(): Observable<never>;
}

/** Returns what users see of a session whose module is ready. */
export function modemOf(
  session: Session,
  identity: Identity | undefined,
  state$: Observable<ModemState>,
  signalQualityInterval: number,
): Modem {
  const { lane, router, scheduler } = session;
  const end$ = session.ended$.pipe(endWith(undefined));
  const anyEnd$ = end$.pipe(catchError(() => of(undefined)));
  const signalQuality$ = timer(0, signalQualityInterval, scheduler).pipe(
    exhaustMap(() => lane.run(csq())),
    share({ connector: () => new ReplaySubject(1) }),
    takeUntil(end$),
  );
  return {
    identity,
    state$,
    links$: session.links.links$.pipe(takeUntil(anyEnd$)),
    signalQuality$,
    run: (command) =>
      defer(() => {
        assertCommand(command);
        return runForUser(session, command);
      }),
    raw: (text, timeout) => defer(() => runForUser(session, rawCommand(text, timeout))),
    statistics$: session.counters.statistics$.pipe(takeUntil(anyEnd$)),
    traffic$: session.meter.traffic$.pipe(takeUntil(anyEnd$)),
    discrepancies$: session.discrepancies$.pipe(takeUntil(anyEnd$)),
    urc$: (urc) =>
      checked(
        () => assertUrc(urc),
        () => router.urc$(urc).pipe(takeUntil(anyEnd$)),
      ),
    unhandled$: router.unhandled$.pipe(takeUntil(anyEnd$)),
    network: (options) => network(session, options),
    close: () => session.close(),
    abort: () => session.abort(),
  };
}
