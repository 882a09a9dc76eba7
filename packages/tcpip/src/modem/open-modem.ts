import type { Identity } from '@a7600/at-codec';
import { type Transport, TransportError } from '@a7600/transport';
import { asyncScheduler, concat, EMPTY, Observable, ReplaySubject, Subscription } from 'rxjs';
import { isModemError } from '../base/errors.js';
import { assertOptions, assertPorts, checked } from '../base/given.js';
import { bringUp } from '../session/bring-up.js';
import { commandsOf } from '../session/command-line.js';
import { type ModemHistory, newHistory } from '../session/modem-history.js';
import { Session } from '../session/session.js';
import type { OpenPorts } from '../session/session-options.js';
import type { ModemState } from '../session/state.js';
import { noteChanges } from '../session/user-commands.js';
import { Meter } from '../watch/traffic.js';
import { type Modem, modemOf } from './modem.js';
import { type ModemPorts, openPorts } from './open-ports.js';
import { MODEM_OPTIONS, type ModemOptions, sessionOptions } from './options.js';

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

/**
 * A {@link modem} that is given some work as soon as it answers, before it has to be ready. What its sessions learn goes
 * to `history`.
 */
export function bringUpModem(
  transport: Transport | ModemPorts,
  options: ModemOptions,
  prepare: (run: Modem['run']) => Observable<unknown>,
  history = newHistory(),
): Observable<Modem> {
  return checked(
    () => {
      assertPorts('modem', transport);
      assertOptions('modem', options, '{ baudRates: [115_200] }', MODEM_OPTIONS);
    },
    () => openAgain(transport, options, prepare, history),
  );
}

/** What is remembered from one attempt to the next belongs to the observable. */
function openAgain(
  transport: Transport | ModemPorts,
  options: ModemOptions,
  prepare: (run: Modem['run']) => Observable<unknown>,
  history: ModemHistory,
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
        history,
        releaseLink: () => port.unsubscribe(),
      });
      session = opened;
      subscriber.add(opened.ended$.subscribe({ error: fail, complete: () => subscriber.complete() }));
      const states = new ReplaySubject<ModemState>(1);
      const { onState } = options;
      if (onState !== undefined) states.subscribe({ next: (state) => onState(state), error: () => {} });
      const tell = (state: ModemState) => states.next(state);
      opened.ended$.subscribe(states);
      let identity: Identity | undefined;
      const steps$ = bringUp(opened, {
        readyTimeout: options.readyTimeout ?? 90_000,
        pin: options.pin,
        rtscts: options.rtscts ?? false,
        prepare: () =>
          prepare((command) => {
            noteChanges(opened, commandsOf(command.text));
            return opened.lane.run(command);
          }),
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
