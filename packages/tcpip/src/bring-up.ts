import { cereg, cgreg, cmee, cpin, creg, echo, isAtError, restarted } from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  of,
  retry,
  take,
  throwError,
  throwIfEmpty,
  timer,
} from 'rxjs';
import { ModemError } from './errors.js';
import type { Session } from './session.js';

/** How long a {@link bringUp} waits for what. */
export interface BringUpOptions {
  /** Time in ms for the SIM to be ready, and again for the registration. */
  readonly readyTimeout: number;
}

const POLL_INTERVAL = 1_000;
/** Registered at home or roaming; 6 and 11 are what data-only modules report. */
const REGISTERED = [1, 5, 6, 11];

class Restarted extends Error {}

/**
 * Brings the module from whatever state it is in to one where a network can be opened: echo off,
 * errors in words, SIM ready, registered. Starts over when the module starts in the middle of it.
 * Emits nothing, completes when it is done, errors with `NOT_READY` when something stays away.
 */
export function bringUp(session: Session, { readyTimeout }: BringUpOptions): Observable<never> {
  const { lane, router } = session;
  const restart$ = merge(...restarted.map((urc) => router.urc$(urc))).pipe(
    mergeMap(() => throwError(() => new Restarted())),
  );
  const steps$ = concat(
    lane.run(echo({ on: false })),
    lane.run(cmee({ mode: 2 })),
    simReady(session, readyTimeout),
    registered(session, readyTimeout),
  ).pipe(ignoreElements());

  return merge(concat(steps$, of('done')), restart$).pipe(
    take(1),
    retry({ delay: (error) => (error instanceof Restarted ? of(0) : throwError(() => error)) }),
    ignoreElements(),
  );
}

function simReady({ lane, scheduler }: Session, readyTimeout: number): Observable<unknown> {
  const deadline = scheduler.now() + readyTimeout;
  return lane.run(cpin()).pipe(
    mergeMap((state) => (state === 'READY' ? EMPTY : throwError(() => simNotReady(state)))),
    retry({
      delay: (error) => {
        if (!isAtError(error, 'CME_ERROR')) return throwError(() => error);
        const tooLate = scheduler.now() >= deadline;
        return tooLate
          ? throwError(() => simNotReady(error.message, error))
          : timer(POLL_INTERVAL, scheduler);
      },
    }),
  );
}

function simNotReady(state: string, cause?: unknown): ModemError {
  return new ModemError(
    'NOT_READY',
    `The SIM is not ready: ${state}. Check that it is inserted, and unlock it if it wants a PIN.`,
    { cause },
  );
}

function registered({ lane, scheduler }: Session, readyTimeout: number): Observable<unknown> {
  const deadline = scheduler.now() + readyTimeout;
  // A module may refuse one of the three; which of them tells depends on the network it is in.
  const states$ = concat(
    ...[cereg, cgreg, creg].map((family) => lane.run(family.read()).pipe(catchError(refused))),
  );
  return defer(() => states$).pipe(
    filter(({ stat }) => REGISTERED.includes(stat)),
    take(1),
    throwIfEmpty(() => new ModemError('NOT_READY', NOT_REGISTERED)),
    retry({
      delay: (error) =>
        error instanceof ModemError && error.code === 'NOT_READY' && scheduler.now() < deadline
          ? timer(POLL_INTERVAL, scheduler)
          : throwError(() => error),
    }),
  );
}

const NOT_REGISTERED =
  'The module is not registered in a network. Check the antenna, the signal (AT+CSQ) and the SIM.';

function refused(error: unknown): Observable<never> {
  return isAtError(error) ? EMPTY : throwError(() => error);
}
