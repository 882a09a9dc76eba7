import {
  ati,
  type Command,
  cereg,
  cgreg,
  cmee,
  cpin,
  creg,
  echo,
  type Identity,
  ifc,
  isAtError,
  type Notice,
  platform,
  restarted,
  simcomAti,
  type Urc,
  verbose,
} from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  of,
  retry,
  take,
  tap,
  throwError,
  throwIfEmpty,
  timer,
} from 'rxjs';
import { runRepeatable } from '../lane/repeat.js';
import { readSetting, type Setting, writeSetting } from '../lane/setting.js';
import { assertFamily } from './family.js';
import {
  assertRadioOn,
  pinRefused,
  restartLoop,
  simLocked,
  simNotReady,
  whyNotRegistered,
} from './not-ready.js';
import { isRegistered, registrationText } from './registration.js';
import type { Session } from './session.js';
import { ALL_PORTS, FUNCTIONALITY, REPORTING_PORT, SLEEP } from './settings.js';
import type { ModemState } from './state.js';

/** How a {@link bringUp} goes. */
export interface BringUpOptions {
  /** Time in ms for the SIM to be ready, and again for the registration. */
  readonly readyTimeout: number;
  /** Unlocks a SIM that asks for it; tried once. */
  readonly pin: string | undefined;
  /** Work for a module that answers, before SIM and registration are waited for; done once. */
  readonly prepare: () => Observable<unknown>;
  /** Switches RTS/CTS flow control on. */
  readonly rtscts: boolean;
  /** Called with each step, and with each new reason to wait. */
  readonly onState: (state: ModemState) => void;
}

/** What a SIM or a phone asks for (TS 27.007, 8.3). */
const LOCK = /^(SIM|PH-[A-Z]+) (PIN|PUK)2?$/;
/** `<stat>` of a registration (TS 27.007, 7.2). */
const NOT_SEARCHING = 0;
const DENIED = 3;

/** `*REJCAUSE: …`: why the network has rejected the module. */
const REJECTED = platform.find(({ text }) => text === '*REJCAUSE') as Urc<Notice>;
const POLL_INTERVAL = 1_000;
/** A setting is answered at once or not at all. */
const SETTING_TIMEOUT = 9_000;

class Restarted extends Error {}

/**
 * Brings the module from whatever state it is in to one where a network can be opened: echo off,
 * errors in words, SIM ready, registered. Starts over when the module starts in the middle of it,
 * until `readyTimeout` after the first restart (`RESTART_LOOP`). Emits nothing, completes when it is
 * done.
 *
 * @throws `SIM_MISSING`, `SIM_NOT_READY`, `SIM_LOCKED`, `PIN_REFUSED`, `NOT_REGISTERED`,
 *   `REGISTRATION_DENIED`, `RADIO_OFF`, `UNSUPPORTED_MODULE`, `RESTART_LOOP`.
 */
export function bringUp(session: Session, options: BringUpOptions): Observable<never> {
  const { router } = session;
  const restart$ = merge(...restarted.map((urc) => router.urc$(urc))).pipe(
    mergeMap(() => throwError(() => new Restarted())),
  );
  let prepared = false;
  const prepare = () => {
    if (prepared) return EMPTY;
    prepared = true;
    return options.prepare();
  };
  const steps$ = defer(() => new BringUp(session, { ...options, prepare }).run());
  let restarts = 0;
  let firstRestart = 0;
  // One deadline over all restarts: a module that dips its supply whenever it transmits never ends.
  const again = (error: unknown) => {
    if (!(error instanceof Restarted)) return throwError(() => error);
    const now = session.scheduler.now();
    restarts += 1;
    if (restarts === 1) firstRestart = now;
    const time = now - firstRestart;
    return time < options.readyTimeout ? of(0) : throwError(() => restartLoop(restarts, time));
  };
  return merge(concat(steps$, of('done')), restart$).pipe(take(1), retry({ delay: again }), ignoreElements());
}

/** One pass through the steps. */
class BringUp {
  private readonly session: Session;
  private readonly options: BringUpOptions;
  private identity: Identity | undefined;
  private pinTried = false;

  constructor(session: Session, options: BringUpOptions) {
    this.session = session;
    this.options = options;
  }

  run(): Observable<unknown> {
    return concat(
      this.enter('probing'),
      this.onAllPorts(echo({ on: false })),
      this.enter('setting up'),
      this.onAllPorts(verbose()),
      this.set(cmee({ mode: 2 })),
      this.options.rtscts ? this.onAllPorts(ifc({ module: 2, host: 2 })) : EMPTY,
      this.identify(),
      defer(() => assertFamily((command) => this.set(command), this.identity)),
      this.settle(),
      defer(() => this.options.prepare()),
      this.simReady(),
      this.registered(),
      ...[cereg, cgreg, creg].map((family) => this.set(family({ report: 1 })).pipe(catchError(refused))),
    ).pipe(ignoreElements());
  }

  private enter(step: ModemState['step']): Observable<never> {
    return defer(() => {
      this.tell(step);
      return EMPTY;
    });
  }

  private tell(step: ModemState['step'], reason?: string): void {
    this.options.onState({ step, reason, identity: this.identity });
  }

  private set<R>(command: Command<R>, lane = this.session.lane): Observable<R> {
    const timeout = Math.min(command.timeout, SETTING_TIMEOUT);
    return runRepeatable(lane, { ...command, timeout });
  }

  /** Sets what each port has for itself. */
  private onAllPorts(command: Command<unknown>): Observable<unknown> {
    return concat(...[...this.session.ports].map(({ lane }) => this.set(command, lane)));
  }

  /** Undoes what another program may have left: a module that sleeps, or whose radio is off. */
  private settle(): Observable<unknown> {
    const { session } = this;
    const onValue = (mode: number) => {
      session.sleepMode = mode;
    };
    // One that must sleep does so; a command that it misses then has that as its cause.
    const sleep$ =
      session.confirmInterval === false
        ? readSetting(session.lane, SLEEP).pipe(tap((mode) => onValue(mode ?? 0)))
        : this.keep(SLEEP, 0, onValue);
    const reports$ = session.ports.size > 1 ? this.keep(REPORTING_PORT, ALL_PORTS) : EMPTY;
    return concat(sleep$, reports$, this.keep(FUNCTIONALITY, 1));
  }

  /** Sets it, unless the module is another program's too, and keeps it until the user sets it by a command. */
  private keep(
    setting: Setting<number>,
    value: number,
    onValue: (value: number) => void = () => {},
  ): Observable<unknown> {
    const { lane, exclusive, settings, foreign } = this.session;
    return readSetting(lane, setting).pipe(
      tap((now) => {
        if (now === undefined) return;
        settings.keep(setting, value, { onValue, applies: () => !foreign.hasSetting(setting.name) });
      }),
      mergeMap((now) => (exclusive ? writeSetting(lane, setting, now, value) : of(now))),
      tap((now) => onValue(now ?? value)),
      catchError(refused),
    );
  }

  private identify(): Observable<unknown> {
    return this.set(simcomAti()).pipe(
      catchError((error) => (isAtError(error) ? this.set(ati()) : throwError(() => error))),
      catchError(refused),
      tap((identity) => {
        this.identity = identity;
      }),
    );
  }

  private simReady(): Observable<unknown> {
    const { session, options } = this;
    return defer(() => {
      const deadline = session.scheduler.now() + options.readyTimeout;
      this.tell('waiting for SIM');
      return this.set(cpin()).pipe(
        mergeMap((state) => {
          if (state === 'READY') return EMPTY;
          if (state === 'SIM PIN' && options.pin !== undefined && !this.pinTried)
            return this.unlock(options.pin);
          return this.locked(state);
        }),
        retry({
          delay: (error) => {
            if (!isAtError(error, 'CME_ERROR') && !(error instanceof NotReadyYet))
              return throwError(() => error);
            this.tell('waiting for SIM', error.message);
            return session.scheduler.now() >= deadline
              ? throwError(() => simNotReady(error))
              : timer(POLL_INTERVAL, session.scheduler);
          },
        }),
      );
    });
  }

  /** A lock ends every recovery, so the module has to say so twice, in words that there are: a line may be damaged. */
  private locked(state: string): Observable<never> {
    const damaged = new NotReadyYet(`the module answered "${state}" to AT+CPIN?, which is no state of a SIM`);
    if (!LOCK.test(state)) return throwError(() => damaged);
    return this.set(cpin()).pipe(
      mergeMap((again) => throwError(() => (again === state ? simLocked(state) : damaged))),
    );
  }

  /** A wrong PIN is not tried again: the third one would lock the SIM. */
  private unlock(pin: string): Observable<never> {
    this.pinTried = true;
    return concat(
      this.session.lane.run(cpin.unlock({ pin })).pipe(
        ignoreElements(),
        catchError((error) => throwError(() => (isAtError(error) ? pinRefused(error) : error))),
      ),
      throwError(() => new NotReadyYet('the SIM was unlocked and gets ready')),
    );
  }

  private registered(): Observable<unknown> {
    const { session, options } = this;
    return defer(() => {
      const deadline = session.scheduler.now() + options.readyTimeout;
      let reason = '';
      this.tell('waiting for registration');
      // A module may refuse one of the three; which of them tells depends on the network it is in.
      const states$ = concat(
        ...[cereg, cgreg, creg].map((family) => this.set(family.read()).pipe(catchError(refused))),
      );
      let stat: number | undefined;
      const run: Session['lane']['run'] = (command) => this.set(command);
      let asked = false;
      let rejected: string | undefined;
      const states = () => {
        stat = undefined;
        return states$;
      };
      const detach = session.router.on(REJECTED, ({ text }) => {
        rejected = text;
      });
      return defer(states).pipe(
        tap((state) => {
          // What one of them denies, another one may not know of.
          if (stat === DENIED) return;
          stat = state.stat;
          reason = registrationText(state.stat);
        }),
        filter((state) => isRegistered(state.stat)),
        take(1),
        throwIfEmpty(() => new Unregistered()),
        retry({
          delay: (error) => {
            if (!(error instanceof Unregistered)) return throwError(() => error);
            this.tell('waiting for registration', reason);
            if (session.scheduler.now() >= deadline) return whyNotRegistered(run, stat, reason, rejected);
            const pause$ = timer(POLL_INTERVAL, session.scheduler);
            if (asked || stat !== NOT_SEARCHING) return pause$;
            asked = true;
            return concat(assertRadioOn(run), pause$);
          },
        }),
        finalize(detach),
      );
    });
  }
}

class Unregistered extends Error {}

/** Nothing is wrong with the SIM as far as is known: it has to be asked again. */
class NotReadyYet extends Error {}

function refused(error: unknown): Observable<never> {
  return isAtError(error) ? EMPTY : throwError(() => error);
}
