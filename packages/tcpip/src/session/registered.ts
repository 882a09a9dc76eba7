import { cereg, cgreg, creg, type Notice, platform, type Urc } from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  filter,
  finalize,
  type Observable,
  retry,
  take,
  tap,
  throwError,
  throwIfEmpty,
  timer,
} from 'rxjs';
import { ignoreRefusal } from '../base/refusals.js';
import type { Router } from '../lane/router.js';
import { assertRadioOn, whyNotRegistered } from './not-ready.js';
import { isRegistered, registrationText } from './registration.js';
import { POLL_INTERVAL, type Waiting } from './waiting.js';

/** `<stat>` of a registration (TS 27.007, 7.2). */
const NOT_SEARCHING = 0;
const DENIED = 3;

/** `*REJCAUSE: …`: why the network has rejected the module. */
const REJECTED = platform.find(({ text }) => text === '*REJCAUSE') as Urc<Notice>;

class Unregistered extends Error {}

/**
 * Waits until the module is registered, whichever of the three registrations says so. Cold; completes then.
 *
 * @throws `NOT_REGISTERED`, `REGISTRATION_DENIED`, `RADIO_OFF`.
 */
export function registered(
  { scheduler, readyTimeout, run, tell }: Waiting,
  router: Router,
): Observable<unknown> {
  return defer(() => {
    const deadline = scheduler.now() + readyTimeout;
    let stat: number | undefined;
    let reason = '';
    let asked = false;
    let rejected: string | undefined;
    tell();
    // A module may refuse one of the three; which of them tells depends on the network it is in.
    const states$ = concat(
      ...[cereg, cgreg, creg].map((family) => run(family.read()).pipe(catchError(ignoreRefusal))),
    );
    const again = (error: unknown) => {
      if (!(error instanceof Unregistered)) return throwError(() => error);
      tell(reason);
      if (scheduler.now() >= deadline) return whyNotRegistered(run, stat, reason, rejected);
      const pause$ = timer(POLL_INTERVAL, scheduler);
      if (asked || stat !== NOT_SEARCHING) return pause$;
      asked = true;
      return concat(assertRadioOn(run), pause$);
    };
    const detach = router.on(REJECTED, ({ text }) => {
      rejected = text;
    });
    return defer(() => {
      stat = undefined;
      return states$;
    }).pipe(
      tap((state) => {
        // What one of them denies, another one may not know of.
        if (stat === DENIED) return;
        stat = state.stat;
        reason = registrationText(state.stat);
      }),
      filter((state) => isRegistered(state.stat)),
      take(1),
      throwIfEmpty(() => new Unregistered()),
      retry({ delay: again }),
      finalize(detach),
    );
  });
}
