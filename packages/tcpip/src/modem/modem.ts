/**
 * The public entry: a modem that lives as long as its subscription.
 *
 * @module
 */

import {
  type AtEvent,
  a7600,
  type Command,
  csq,
  type Dialect,
  type Identity,
  type SignalQuality,
  type Urc,
} from '@a7600/at-codec';
import { type Transport, TransportError } from '@a7600/transport';
import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  endWith,
  exhaustMap,
  Observable,
  of,
  ReplaySubject,
  type SchedulerLike,
  Subscription,
  share,
  takeUntil,
  timer,
} from 'rxjs';
import { isModemError } from '../base/errors.js';
import { assertCommand } from '../base/given.js';
import { type OnMistake, warnInDevelopment } from '../base/mistakes.js';
import { type FullTrace, type Trace, tracing } from '../base/trace.js';
import type { LinkInfo } from '../links/link-handler.js';
import { type Network, network } from '../network/network.js';
import type { NetworkOptions } from '../network/options.js';
import { bringUp } from '../session/bring-up.js';
import { rawCommand } from '../session/raw.js';
import { type OpenPorts, Session, type SessionOptions } from '../session/session.js';
import type { ModemState } from '../session/state.js';
import type { Discrepancy } from '../watch/discrepancy.js';
import type { Statistics } from '../watch/statistics.js';
import { type Budget, Meter, type Traffic } from '../watch/traffic.js';
import { type ModemPorts, openPorts } from './open-ports.js';

/** Settings of {@link modem}. Times are in ms. */
export interface ModemOptions {
  /** Every timeout and pause goes through it. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /**
   * Gives numbers from 0 up to 1 that a peer cannot guess: transparent sessions prove with them that the
   * module answers. Default: the platform's cryptographic source.
   */
  readonly random?: (() => number) | undefined;
  /** How the module writes. Default `a7600`. */
  readonly dialect?: Dialect | undefined;
  /**
   * Called with what a program probably did not mean, such as a `write` that was discarded without
   * being subscribed to. Default: a warning on the console, none with `NODE_ENV=production`;
   * `undefined` for none.
   */
  readonly onMistake?: OnMistake | undefined;
  /** Called with each step of the dialogue as a line that others may read: secrets and payload are hidden. */
  readonly trace?: Trace | undefined;
  /** Called with each step of the dialogue, payload and everything that the module prints included. */
  readonly fullTrace?: FullTrace | undefined;
  /** Called with each step on the way to a modem that is ready, and with reasons to wait. */
  readonly onState?: ((state: ModemState) => void) | undefined;
  /** PIN of the SIM, 4 to 8 digits. Tried once, and only when the SIM asks for it. */
  readonly pin?: string | undefined;
  /**
   * Rates at which to look for the module, one after the other, where the link has a rate to set.
   * Default: the one that the link was opened with.
   */
  readonly baudRates?: readonly number[] | undefined;
  /**
   * Switches RTS/CTS flow control on in the module (`AT+IFC=2,2`); the port needs it too. Without
   * it a consumer slower than the line loses bytes in transparent mode. Default: as the module is.
   */
  readonly rtscts?: boolean | undefined;
  /** Time for the first answer; a module that was just switched on needs some 11 s. Default 30000. */
  readonly startTimeout?: number | undefined;
  /** Time for the SIM to be ready, and again for the registration. Default 90000. */
  readonly readyTimeout?: number | undefined;
  /** Time for closing what is open before the link to the module is dropped. Default 10000. */
  readonly closeTimeout?: number | undefined;
  /**
   * The bytes that may pass over the mobile network. When they are used up, the network ends with
   * `BUDGET_SPENT` and is not opened before `per` has passed. Counted over all attempts of `retry`,
   * `reconnect` and `keepOnline`. Default: no limit.
   */
  readonly budget?: Budget | undefined;
  /**
   * Time after which what is believed about the module is asked for again, unless traffic has
   * confirmed it: that it answers, that the network is open, its table of links, its servers and
   * settings; at most four command lines each time. A loss that no line announces, and a setting that
   * another program has changed, is noticed within twice this time. `false` for a module that must sleep: nothing is asked then, and
   * `AT+CSCLK` stays as it is. Default 60000.
   */
  readonly confirmInterval?: number | false | undefined;
  /**
   * Whether the module is this modem's alone: links and servers that nothing here opened, neither by
   * a command of its own, are closed. `false` never closes or changes what another program
   * opened. Default true.
   */
  readonly exclusive?: boolean | undefined;
  /** Pause between two queries of `signalQuality$`. Default 10000. */
  readonly signalQualityInterval?: number | undefined;
  /**
   * How many reads of different links may share one command line, 1 to 10, for modules that are
   * known to execute several commands on one line. Default 1.
   */
  readonly joinedReads?: number | undefined;
}

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
   * Sends a command line as it is written, for a command without a descriptor. Commands that ask for
   * payload or lead to data mode need one.
   *
   * @param text - The command line, `AT` included, without CR.
   * @param timeout - The longest time for the answer in ms. Default 9000.
   * @returns A cold observable, as of `run`, of the lines before the final result.
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

/**
 * Opens a modem: opens the transport, waits until the module answers, switches its echo off, and waits for
 * SIM and registration.
 *
 * @param transport - Opens the port to the module, or two of its ports: `data` then carries transparent
 * connections, and commands, URCs and other sockets go on beside them.
 * @param options - Times, PIN and other settings.
 * @returns A cold observable that emits the modem once for each subscription. Completes after `close`. Errors
 * when the port is lost (`TRANSPORT_LOST`), the module stays silent (`MODULE_SILENT`), is not usable
 * (`SIM_MISSING`, `NOT_REGISTERED`, `PIN_REFUSED`, …) or restarts by itself (`MODULE_RESTARTED`). A refused
 * PIN is never tried again. Unsubscribing closes everything in order, in the background.
 * @example
 * modem(serialPort({ path: '/dev/ttyUSB2' }))
 *   .pipe(switchMap((modem) => modem.network({ apn: 'internet' })))
 *   .subscribe((network) => console.log(network.address));
 */
export function modem(transport: Transport | ModemPorts, options: ModemOptions = {}): Observable<Modem> {
  return bringUpModem(transport, options, () => EMPTY);
}

/** A {@link modem} that is given some work as soon as it answers, before it has to be ready. */
export function bringUpModem(
  transport: Transport | ModemPorts,
  options: ModemOptions,
  prepare: (run: Modem['run']) => Observable<unknown>,
): Observable<Modem> {
  let refusal: Error | undefined;
  const { scheduler = asyncScheduler, budget } = options;
  const meter = new Meter(() => scheduler.now(), budget);
  /** The end of the last session: another attempt begins when the port is free again. */
  let closing$: Observable<never> = EMPTY;
  return new Observable((subscriber) => {
    if (refusal !== undefined) {
      subscriber.error(refusal);
      return;
    }
    let session: Session | undefined;
    const fail = (error: Error) => {
      if (isModemError(error, 'PIN_REFUSED')) refusal = error;
      // The subscriber gets the error after all is released, so that another attempt finds the port free.
      const told = () => {
        port.unsubscribe();
        subscriber.error(error);
      };
      if (session === undefined) subscriber.error(error);
      else subscriber.add(session.close().subscribe({ complete: told }));
    };
    const start = (ports: OpenPorts) => {
      const opened = new Session(ports, {
        ...sessionOptions(options),
        meter,
        releaseLink: () => port.unsubscribe(),
      });
      session = opened;
      subscriber.add(opened.ended$.subscribe({ error: fail, complete: () => subscriber.complete() }));
      const states = new ReplaySubject<ModemState>(1);
      const tell = (state: ModemState) => {
        options.onState?.(state);
        states.next(state);
      };
      opened.ended$.subscribe(states);
      let identity: Identity | undefined;
      const steps$ = bringUp(opened, {
        readyTimeout: options.readyTimeout ?? 90_000,
        pin: options.pin,
        rtscts: options.rtscts ?? false,
        prepare: () => prepare((command) => opened.lane.run(command)),
        onState: (state) => {
          identity = state.identity;
          tell(state);
        },
      });
      const ready = () => {
        opened.ready();
        tell({ step: 'ready', identity });
        subscriber.next(
          modemOf(opened, identity, states.asObservable(), options.signalQualityInterval ?? 10_000),
        );
      };
      subscriber.add(steps$.subscribe({ error: (error: Error) => opened.break(error), complete: ready }));
    };
    const port = new Subscription();
    port.add(
      concat(closing$, openPorts(transport)).subscribe({
        next: start,
        error: (error: Error) => (session === undefined ? fail(error) : session.break(error)),
        complete: () => {
          const error = new TransportError('TRANSPORT_LOST', 'The link to the module was closed.');
          if (session === undefined) fail(error);
          else session.break(error);
        },
      }),
    );
    subscriber.add(() => {
      if (session === undefined) port.unsubscribe();
      else {
        closing$ = session.close();
        closing$.subscribe({ complete: () => port.unsubscribe() });
      }
    });
  });
}

function sessionOptions(options: ModemOptions): Omit<SessionOptions, 'releaseLink' | 'meter'> {
  return {
    scheduler: options.scheduler ?? asyncScheduler,
    dialect: options.dialect ?? a7600,
    trace: tracing(options.trace, options.fullTrace),
    startTimeout: options.startTimeout ?? 30_000,
    closeTimeout: options.closeTimeout ?? 10_000,
    confirmInterval: options.confirmInterval ?? 60_000,
    exclusive: options.exclusive ?? true,
    onMistake: 'onMistake' in options ? options.onMistake : warnInDevelopment(),
    joinedReads: options.joinedReads ?? 1,
    flowControl: options.rtscts ?? false,
    random: options.random ?? unguessable,
    baudRates: options.baudRates ?? [],
  };
}

/** A number from 0 up to 1 from the platform's cryptographic source. */
function unguessable(): number {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return number / 2 ** 32;
}

function modemOf(
  session: Session,
  identity: Identity | undefined,
  state$: Observable<ModemState>,
  signalQualityInterval: number,
): Modem {
  const { foreign, lane, router, scheduler } = session;
  const end$ = session.ended$.pipe(endWith(undefined));
  const anyEnd$ = end$.pipe(catchError(() => of(undefined)));
  const signalQuality$ = timer(0, signalQualityInterval, scheduler).pipe(
    exhaustMap(() => lane.run(csq())),
    share({ connector: () => new ReplaySubject(1) }),
    takeUntil(end$),
  );
  const run = <R>(command: Command<R>): Observable<R> =>
    defer(() => {
      foreign.note(command.text);
      return lane.run(command);
    });
  return {
    identity,
    state$,
    links$: session.links.links$.pipe(takeUntil(anyEnd$)),
    signalQuality$,
    run: (command) =>
      defer(() => {
        assertCommand(command);
        return run(command);
      }),
    raw: (text, timeout) => defer(() => run(rawCommand(text, timeout))),
    statistics$: session.counters.statistics$.pipe(takeUntil(anyEnd$)),
    traffic$: session.meter.traffic$.pipe(takeUntil(anyEnd$)),
    discrepancies$: session.discrepancies$.pipe(takeUntil(anyEnd$)),
    urc$: (urc) => router.urc$(urc).pipe(takeUntil(anyEnd$)),
    unhandled$: router.unhandled$.pipe(takeUntil(anyEnd$)),
    network: (options) => network(session, options),
    close: () => session.close(),
    abort: () => session.abort(),
  };
}
