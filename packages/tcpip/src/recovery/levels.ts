import { cfun, cgatt, creset } from '@a7600/at-codec';
import type { RecoveryLevel } from '@a7600/transport';
import {
  catchError,
  concat,
  EMPTY,
  ignoreElements,
  NEVER,
  type Observable,
  type SchedulerLike,
  takeUntil,
  timer,
} from 'rxjs';
import type { Modem } from '../modem/modem.js';

/** Time in ms for which the radio stays off. */
const RADIO_OFF = 2_000;
/** Time in ms for the module to begin its restart after `OK` (AT command manual 3: some seconds). */
const RESET_TIME = 30_000;

/** What a recovery level asks of a module that answers, before SIM and registration are waited for. */
export function recover(
  level: RecoveryLevel,
  run: Modem['run'],
  scheduler: SchedulerLike,
): Observable<never> {
  // A module that refuses one of them is asked for the next one when this attempt fails too.
  const tried = (command: Parameters<Modem['run']>[0]) =>
    run(command).pipe(
      ignoreElements(),
      catchError(() => EMPTY),
    );
  const pause = timer(RADIO_OFF, scheduler).pipe(ignoreElements());
  switch (level) {
    case 'link':
    case 'power':
      return EMPTY;
    case 'bearer':
      return concat(tried(cgatt({ attached: false })), tried(cgatt({ attached: true })));
    case 'radio':
      return concat(tried(cfun({ functionality: 0 })), pause, tried(cfun({ functionality: 1 })));
    case 'reset':
      // The start-up lines of the module end this.
      return concat(tried(creset()), NEVER.pipe(takeUntil(timer(RESET_TIME, scheduler))));
  }
}
