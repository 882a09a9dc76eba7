/**
 * Policies above the modem: reopens a network whenever it is lost, with a recovery level for each attempt.
 *
 * @module
 */

import {
  type ReconnectAttempt,
  type ReconnectOptions,
  type RecoveryLevel,
  reconnect,
  type Transport,
} from '@a7600/transport';
import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  from,
  ignoreElements,
  map,
  type Observable,
  type ObservableInput,
  switchMap,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { isModemError, type ModemErrorCode } from '../base/errors.js';
import { assertOptions, checked, type Shape } from '../base/given.js';
import { isolated } from '../base/isolated.js';
import type { Modem } from '../modem/modem.js';
import { bringUpModem } from '../modem/open-modem.js';
import type { ModemPorts } from '../modem/open-ports.js';
import type { ModemOptions } from '../modem/options.js';
import type { NetworkCheck } from '../network/check.js';
import type { Network } from '../network/network.js';
import type { NetworkOptions } from '../network/options.js';
import { newHistory } from '../session/modem-history.js';
import type { ModemState } from '../session/state.js';
import { Escalation, type RecoveryPauses } from './escalation.js';
import { keptNetwork } from './kept-network.js';
import { recover } from './levels.js';

/** One pause before the next attempt, and what that attempt does first. */
export interface RecoveryStep extends ReconnectAttempt {
  /** What the attempt does first. */
  readonly level: RecoveryLevel;
}

/** A network that is kept online, and the modem that carries it. */
export interface OnlineNetwork extends Network {
  /** The modem, with its state, signal quality and statistics; another one after each loss. */
  readonly modem: Modem;
}

/** Where a network that is kept online stands, for a person who watches it. */
export interface OnlineStatus {
  /**
   * `opening`: the module is being brought up, see `modem`; `online`: the network is open;
   * `waiting`: the pause of `step` runs.
   */
  readonly state: 'opening' | 'online' | 'waiting';
  /** How far the modem has come; undefined while the link to the module is not open. */
  readonly modem: ModemState | undefined;
  /** The last step of the recovery, with its error; undefined before the first loss. */
  readonly step: RecoveryStep | undefined;
}

/** Settings of {@link keepOnline}. */
export interface KeepOnlineOptions {
  /** Settings of each modem. */
  readonly modem?: ModemOptions | undefined;
  /** Settings of each network. */
  readonly network?: NetworkOptions | undefined;
  /** Called with each modem before its network is opened, which waits for the completion. */
  readonly prepare?: ((modem: Modem) => Observable<unknown>) | undefined;
  /**
   * What the attempts do, one after the other while they fail in a row; the last one is repeated.
   * An attempt uses only levels that make sense for the error (`remedies`). Default: `link` twice,
   * `bearer`, `radio`, `reset`, and `power` if there is a function for it.
   */
  readonly levels?: readonly RecoveryLevel[] | undefined;
  /**
   * Cuts the power of the module and restores it; runs while the link is closed. Called at most once
   * in its pause (`pauses`), and awaited for two minutes at most.
   */
  readonly power?: (() => ObservableInput<unknown>) | undefined;
  /** The time between two restarts, 2 minutes to 1 hour, and between two power cycles, 15 minutes to 6 hours. */
  readonly pauses?: RecoveryPauses | undefined;
  /**
   * What to send when nothing was received for a while, to find out whether data passes. Off by default; costs about
   * 200 bytes for a name and 300 for a connection each time, see {@link NetworkCheck}. Without it a bearer that
   * carries nothing is noticed only when several hosts do not answer. A check that fails alone opens the network again
   * and attaches it again (`CHECK_FAILED`), and nothing more.
   */
  readonly check?: NetworkCheck | undefined;
  /** Pauses, jitter, limits (`attempts`, `giveUpAfter`), what counts as success (`settledAfter`, default 60000 here). */
  readonly reconnect?: Omit<ReconnectOptions, 'whenClosed' | 'onWait' | 'scheduler'> | undefined;
  /** Called with each step before it is taken. */
  readonly onStep?: ((step: RecoveryStep) => void) | undefined;
  /** Called with each change of the status. */
  readonly onStatus?: ((status: OnlineStatus) => void) | undefined;
}

/**
 * Keeps a network open: reopens it when it, the modem or the port is lost, with a recovery level that fits
 * the cause. What is opened in the network (`listen`, `connect`, …) completes when the network is lost, so that
 * `switchMap((net) => net.listen(…))` goes on in the next one; sockets error as always.
 *
 * @param transport - Opens the port to the module, or its two ports.
 * @param options - Settings of modem and network, recovery levels, pauses.
 * @returns A cold observable that emits the network each time it is open. Each subscription opens a modem of its
 * own; unsubscribing closes everything in order. Completes when network or modem are closed from this side.
 * Errors with what no attempt can change (`INVALID_ARGUMENT`, `PORT_DENIED`, `PIN_REFUSED`, …: see
 * `remedies`), or with the last error when `reconnect.attempts` or `reconnect.giveUpAfter` is reached.
 */
export function keepOnline(
  transport: Transport | ModemPorts,
  options: KeepOnlineOptions = {},
): Observable<OnlineNetwork> {
  return checked(
    () => assertOptions('keepOnline', options, "{ network: { apn: 'internet' } }", KEEP_ONLINE_OPTIONS),
    () => kept(transport, options),
  );
}

const KEEP_ONLINE_OPTIONS: Shape<KeepOnlineOptions> = {
  modem: 'object',
  network: 'object',
  prepare: 'function',
  levels: 'object',
  power: 'function',
  pauses: 'object',
  check: 'object',
  reconnect: 'object',
  onStep: 'function',
  onStatus: 'function',
};

function kept(transport: Transport | ModemPorts, options: KeepOnlineOptions): Observable<OnlineNetwork> {
  const { power, check } = options;
  const onStep = isolated(options.onStep);
  const onStatus = isolated(options.onStatus);
  const network = check === undefined ? options.network : { ...options.network, check };
  const scheduler = options.modem?.scheduler ?? asyncScheduler;
  const levels = options.levels ?? [...DEFAULT_LEVELS, ...(power === undefined ? [] : ['power' as const])];
  return defer(() => {
    const escalation = new Escalation(levels, options.pauses);
    let level: RecoveryLevel = 'link';
    let onlineSince: number | undefined;
    const history = newHistory();
    let status: OnlineStatus = { state: 'opening', modem: undefined, step: undefined };
    const tell = (change: Partial<OnlineStatus>) => {
      status = { ...status, ...change };
      onStatus?.(status);
    };
    const modemOptions: ModemOptions = {
      ...options.modem,
      onState: (state) => {
        options.modem?.onState?.(state);
        tell({ modem: state });
      },
    };
    const modem$ = bringUpModem(transport, modemOptions, (run) => recover(level, run, scheduler), history);
    const powered$ = defer(() =>
      level === 'power' && power !== undefined
        ? from(power()).pipe(takeUntil(timer(POWER_TIME, scheduler)))
        : EMPTY,
    );
    return concat(
      powered$.pipe(ignoreElements()),
      defer(() => {
        tell({ state: 'opening', modem: undefined });
        return modem$;
      }).pipe(
        switchMap((modem) =>
          concat(
            (options.prepare?.(modem) ?? EMPTY).pipe(ignoreElements()),
            modem.network(network).pipe(map((opened) => ({ ...keptNetwork(opened), modem }))),
          ),
        ),
        tap(() => {
          onlineSince = scheduler.now();
          tell({ state: 'online' });
        }),
      ),
    ).pipe(
      reconnect({
        settledAfter: 60_000,
        ...options.reconnect,
        scheduler,
        onWait: (attempt) => {
          const now = scheduler.now();
          const onlineFor = onlineSince === undefined ? 0 : now - onlineSince;
          const hasPassed = onlineSince !== undefined && history.bearer.hasPassedSince(onlineSince);
          onlineSince = undefined;
          // A network that is open and carries nothing has not been a success, however long it was open; nor has one in
          // the middle of a loop of restarts.
          const useless = isOneOf(attempt.error, hasPassed ? ['RESTART_LOOP'] : ['RESTART_LOOP', ...NO_DATA]);
          level = escalation.next(
            attempt.error,
            attempt.attempt === 1 && !useless,
            now,
            useless ? 0 : onlineFor,
          );
          const step = { ...attempt, level };
          tell({ state: 'waiting', modem: undefined, step });
          onStep?.(step);
        },
      }),
    );
  });
}

function isOneOf(error: unknown, codes: readonly ModemErrorCode[]): boolean {
  return codes.some((code) => isModemError(error, code));
}

const NO_DATA: readonly ModemErrorCode[] = ['BEARER_STALLED', 'CHECK_FAILED'];
/** Time in ms for the caller's function to cut the power and restore it. */
const POWER_TIME = 120_000;
const DEFAULT_LEVELS: readonly RecoveryLevel[] = ['link', 'link', 'bearer', 'radio', 'reset'];
