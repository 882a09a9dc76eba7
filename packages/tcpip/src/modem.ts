import { type AtEvent, a7600, type Command, type Dialect, type Urc } from '@a7600/at-codec';
import type { Transport } from '@a7600/transport';
import { asyncScheduler, Observable, type SchedulerLike } from 'rxjs';
import { bringUp } from './bring-up.js';
import { ModemError } from './errors.js';
import { type Network, type NetworkOptions, network } from './network.js';
import { Session, type SessionOptions } from './session.js';
import type { Trace } from './trace.js';

/** Settings of {@link modem}. Times are in ms. */
export interface ModemOptions {
  /** Every timeout and pause goes through it. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** How the module writes. Default `a7600`. */
  readonly dialect?: Dialect | undefined;
  /** Told of every step of the dialogue. */
  readonly trace?: Trace | undefined;
  /** Time for the first answer; a module that was just switched on needs some 11 s. Default 30000. */
  readonly startTimeout?: number | undefined;
  /** Time for the SIM to be ready, and again for the registration. Default 90000. */
  readonly readyTimeout?: number | undefined;
  /** Time for closing what is open before the link to the module is dropped. Default 10000. */
  readonly closeTimeout?: number | undefined;
  /** Pause between looks for data whose notification was lost. Default 30000. */
  readonly pollInterval?: number | undefined;
}

/** A module that answers, has its SIM ready and is registered. */
export interface Modem {
  /**
   * Sends a command when its turn comes. Cold: each subscription sends it once, emits what it
   * yields and completes, or errors with an `AtError` or `ModemError`; other commands are not
   * affected. Unsubscribed while queued, it is never sent.
   */
  run<R>(command: Command<R>): Observable<R>;
  /** The URCs of one kind, read. Hot, no replay. */
  urc$<T>(urc: Urc<T>): Observable<T>;
  /** What neither a command nor a subscriber of `urc$` wanted. Hot, no replay. */
  readonly unhandled$: Observable<AtEvent>;
  /**
   * Opens the network. Cold: subscribing defines the PDP context, if an access point is given, and
   * sends `AT+NETOPEN`; emits the network once; errors when it cannot be opened or is lost
   * (`NETWORK_LOST`). Unsubscribing closes sockets, servers and then the network. A network that
   * is open already is adopted: what was open in it is closed first.
   */
  network(options?: NetworkOptions): Observable<Network>;
  /**
   * Closes sockets, servers, the network and the link to the module, in this order. Emits nothing,
   * completes when all is closed, at the latest after `closeTimeout`.
   */
  close(): Observable<never>;
}

/**
 * A modem at the other end of `transport`.
 *
 * Cold: each subscription opens the transport, waits until the module answers, switches echo off,
 * waits for SIM and registration, and emits the modem once. Completes after `close`; errors when
 * the link is lost (`TRANSPORT_LOST`), the module stays silent (`MODULE_SILENT`), is not usable
 * (`NOT_READY`) or restarts by itself (`MODULE_RESTARTED`). Unsubscribing closes everything in
 * order, in the background.
 */
export function modem(transport: Transport, options: ModemOptions = {}): Observable<Modem> {
  return new Observable((subscriber) => {
    let session: Session | undefined;
    const fail = (error: unknown) => subscriber.error(error);

    const start = (opened: Session) => {
      session = opened;
      subscriber.add(opened.ended$.subscribe({ error: fail, complete: () => subscriber.complete() }));
      const { readyTimeout = 90_000 } = options;
      const ready = () => {
        opened.ready();
        subscriber.next(modemOf(opened));
      };
      subscriber.add(bringUp(opened, { readyTimeout }).subscribe({ error: fail, complete: ready }));
    };

    const port = transport.subscribe({
      next: (link) => start(new Session(link, sessionOptions(options))),
      error: (error: Error) => (session === undefined ? fail(error) : session.break(error)),
      complete: () => {
        const error = new ModemError('CLOSED', 'The link to the module was closed.');
        if (session === undefined) fail(error);
        else session.break(error);
      },
    });
    subscriber.add(() => {
      if (session === undefined) port.unsubscribe();
      else session.close().subscribe({ complete: () => port.unsubscribe() });
    });
  });
}

function sessionOptions(options: ModemOptions): SessionOptions {
  return {
    scheduler: options.scheduler ?? asyncScheduler,
    dialect: options.dialect ?? a7600,
    trace: options.trace,
    startTimeout: options.startTimeout ?? 30_000,
    closeTimeout: options.closeTimeout ?? 10_000,
    pollInterval: options.pollInterval ?? 30_000,
  };
}

function modemOf(session: Session): Modem {
  const { lane, router } = session;
  return {
    run: (command) => lane.run(command),
    urc$: (urc) => router.urc$(urc),
    unhandled$: router.unhandled$,
    network: (options) => network(session, options),
    close: () => session.close(),
  };
}
