import { cpin, isAtError } from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  mergeMap,
  type Observable,
  retry,
  throwError,
  timer,
} from 'rxjs';
import { pinRefused, simLocked, simNotReady } from './not-ready.js';
import { POLL_INTERVAL, type Waiting } from './waiting.js';

/** What a SIM or a phone asks for (TS 27.007, 8.3). */
const LOCK = /^(SIM|PH-[A-Z]+) (PIN|PUK)2?$/;

/** Nothing is wrong with the SIM as far as is known: it has to be asked again. */
class NotReadyYet extends Error {}

/**
 * Waits until the SIM is ready, and unlocks it with `pin` if it asks for one. Cold; emits nothing, completes when it
 * is ready.
 *
 * @throws `SIM_MISSING`, `SIM_NOT_READY`, `SIM_LOCKED`, `PIN_REFUSED`.
 */
export function simReady(waiting: Waiting, pin: string | undefined): Observable<never> {
  const { scheduler, readyTimeout, run, tell } = waiting;
  return defer(() => {
    const deadline = scheduler.now() + readyTimeout;
    let pinTried = false;
    tell();
    const again = (error: Error) => {
      if (!isAtError(error, 'CME_ERROR') && !(error instanceof NotReadyYet)) return throwError(() => error);
      tell(error.message);
      return scheduler.now() >= deadline
        ? throwError(() => simNotReady(error))
        : timer(POLL_INTERVAL, scheduler);
    };
    return run(cpin()).pipe(
      mergeMap((state) => {
        if (state === 'READY') return EMPTY;
        if (state !== 'SIM PIN' || pin === undefined || pinTried) return locked(waiting, state);
        // A wrong PIN is not tried again: the third one would lock the SIM.
        pinTried = true;
        return unlock(waiting, pin);
      }),
      retry({ delay: again }),
    );
  });
}

/** A lock ends every recovery, so the module has to say so twice, in words that there are: a line may be damaged. */
function locked({ run }: Waiting, state: string): Observable<never> {
  const damaged = new NotReadyYet(`the module answered "${state}" to AT+CPIN?, which is no state of a SIM`);
  if (!LOCK.test(state)) return throwError(() => damaged);
  return run(cpin()).pipe(
    mergeMap((again) => throwError(() => (again === state ? simLocked(state) : damaged))),
  );
}

function unlock({ runOnce }: Waiting, pin: string): Observable<never> {
  return concat(
    runOnce(cpin.unlock({ pin })).pipe(
      ignoreElements(),
      catchError((error) => throwError(() => (isAtError(error) ? pinRefused(error) : error))),
    ),
    throwError(() => new NotReadyYet('the SIM was unlocked and gets ready')),
  );
}
