import {
  ati,
  type Command,
  cereg,
  cgreg,
  cmee,
  creg,
  echo,
  type Identity,
  ifc,
  isAtError,
  restarted,
  simcomAti,
  verbose,
} from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  of,
  retry,
  take,
  tap,
  throwError,
} from 'rxjs';
import { ignoreRefusal } from '../base/refusals.js';
import { runRepeatable } from '../lane/repeat.js';
import { ensureSetting, readSetting, type Setting } from '../lane/setting.js';
import { keepWhenTold } from '../watch/keep-when-told.js';
import { assertFamily } from './family.js';
import { registered } from './registered.js';
import { restartLoop } from './restarts.js';
import type { Session } from './session.js';
import { ALL_PORTS, FUNCTIONALITY, REPORTING_PORT, SLEEP } from './settings.js';
import { simReady } from './sim-ready.js';
import type { ModemState } from './state.js';
import type { Waiting } from './waiting.js';

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
    session.history.restarts.note(now);
    restarts += 1;
    if (restarts === 1) firstRestart = now;
    const time = now - firstRestart;
    return time < options.readyTimeout
      ? of(0)
      : throwError(() => restartLoop(restarts, time, 'and never became ready'));
  };
  return merge(concat(steps$, of('done')), restart$).pipe(take(1), retry({ delay: again }), ignoreElements());
}

/** One pass through the steps. */
class BringUp {
  private readonly session: Session;
  private readonly options: BringUpOptions;
  private identity: Identity | undefined;

  constructor(session: Session, options: BringUpOptions) {
    this.session = session;
    this.options = options;
  }

  run(): Observable<unknown> {
    const { session } = this;
    return concat(
      this.enter('probing'),
      this.onAllPorts(echo({ on: false })),
      this.enter('setting up'),
      this.onAllPorts(verbose()),
      // What holds for the whole module is left as another program has set it.
      session.exclusive ? this.set(cmee({ mode: 2 })) : EMPTY,
      this.options.rtscts ? this.onAllPorts(ifc({ module: 2, host: 2 })) : EMPTY,
      this.identify(),
      defer(() => assertFamily((command) => this.set(command), this.identity)),
      this.settle(),
      defer(() => this.options.prepare()),
      simReady(this.waiting('waiting for SIM'), this.options.pin),
      registered(this.waiting('waiting for registration'), session.router),
      ...(session.exclusive ? [cereg, cgreg, creg] : []).map((family) =>
        this.set(family({ report: 1 })).pipe(catchError(ignoreRefusal)),
      ),
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

  private waiting(step: ModemState['step']): Waiting {
    const { scheduler, lane } = this.session;
    return {
      scheduler,
      readyTimeout: this.options.readyTimeout,
      run: (command) => this.set(command),
      runOnce: (command) => lane.run(command),
      tell: (reason) => this.tell(step, reason),
    };
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
    return concat(sleep$, this.keep(REPORTING_PORT, ALL_PORTS), this.keep(FUNCTIONALITY, 1));
  }

  /** Sets it, unless the module is another program's too, and keeps it until the user sets it by a command. */
  private keep(
    setting: Setting<number>,
    value: number,
    onValue: (value: number) => void = () => {},
  ): Observable<unknown> {
    const { lane, exclusive, settings, foreign } = this.session;
    return (exclusive ? ensureSetting(lane, setting, value) : readSetting(lane, setting)).pipe(
      tap((now) => {
        onValue(now ?? value);
        const keep = () =>
          settings.keep(setting, value, { onValue, applies: () => !foreign.hasSetting(setting.name) });
        if (now !== undefined) keep();
        else if (exclusive) keepWhenTold(this.session, setting, keep);
      }),
      catchError(ignoreRefusal),
    );
  }

  private identify(): Observable<unknown> {
    return this.set(simcomAti()).pipe(
      catchError((error) => (isAtError(error) ? this.set(ati()) : throwError(() => error))),
      catchError(ignoreRefusal),
      tap((identity) => {
        this.identity = identity;
      }),
    );
  }
}
