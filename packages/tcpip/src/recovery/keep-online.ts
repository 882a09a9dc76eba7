import { isAtError } from '@a7600/at-codec';
import { type ReconnectAttempt, type ReconnectOptions, reconnect, type Transport } from '@a7600/transport';
import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  from,
  ignoreElements,
  type Observable,
  type ObservableInput,
  switchMap,
} from 'rxjs';
import { isModemError } from '../base/errors.js';
import { bringUpModem, type ModemOptions } from '../modem/modem.js';
import type { Network } from '../network/network.js';
import type { NetworkOptions } from '../network/options.js';
import { climb, type Rung } from './rungs.js';

/** One pause before the next attempt, and what that attempt does first. */
export interface RecoveryStep extends ReconnectAttempt {
  readonly rung: Rung;
}

/** Settings of {@link keepOnline}. */
export interface KeepOnlineOptions {
  readonly modem?: ModemOptions | undefined;
  readonly network?: NetworkOptions | undefined;
  /**
   * What the attempts do, one after the other while they fail in a row; the last one goes on.
   * Default: `link` twice, `bearer`, `radio`, `reset`, and `power` if there is a function for it.
   */
  readonly ladder?: readonly Rung[] | undefined;
  /** Cuts the power of the module and gives it back, or whatever helps; runs while the link is closed. */
  readonly power?: (() => ObservableInput<unknown>) | undefined;
  /** Pauses, jitter, what counts as success (`settledAfter`, default 60000 here). */
  readonly reconnect?: Omit<ReconnectOptions, 'whenClosed' | 'onWait' | 'scheduler'> | undefined;
  /** Told of each step before it is taken. */
  readonly onStep?: ((step: RecoveryStep) => void) | undefined;
}

/**
 * A network that comes back. Emits it each time it is open, and opens it again when it, the modem
 * or the link to the module is lost, with more and more force. Cold: each subscription opens a
 * modem of its own; unsubscribing closes everything in order. Completes when network or modem are
 * closed from this side; errors with what no attempt could change (`INVALID_ARGUMENT`, a refused
 * PIN), or when `reconnect.attempts` are used up.
 */
export function keepOnline(transport: Transport, options: KeepOnlineOptions = {}): Observable<Network> {
  const { power, onStep, network } = options;
  const scheduler = options.modem?.scheduler ?? asyncScheduler;
  const ladder = options.ladder ?? [...DEFAULT_LADDER, ...(power === undefined ? [] : ['power' as const])];
  return defer(() => {
    let rung: Rung = 'link';
    const modem$ = bringUpModem(transport, options.modem ?? {}, (run) => climb(rung, run, scheduler));
    const powered$ = defer(() => (rung === 'power' && power !== undefined ? from(power()) : EMPTY));
    return concat(
      powered$.pipe(ignoreElements()),
      modem$.pipe(switchMap((modem) => modem.network(network))),
    ).pipe(
      reconnect({
        settledAfter: 60_000,
        retryable,
        ...options.reconnect,
        scheduler,
        onWait: (attempt) => {
          rung = ladder[Math.min(attempt.attempt, ladder.length) - 1] ?? 'link';
          onStep?.({ ...attempt, rung });
        },
      }),
    );
  });
}

const DEFAULT_LADDER: readonly Rung[] = ['link', 'link', 'bearer', 'radio', 'reset'];

function retryable(error: unknown): boolean {
  return !isAtError(error, 'INVALID_ARGUMENT') && !isModemError(error, 'PIN_REFUSED');
}
