import type { ByteLink, InputLines, SerialLink } from '@a7600/transport';
import {
  catchError,
  concat,
  EMPTY,
  exhaustMap,
  filter,
  type Observable,
  pairwise,
  type SchedulerLike,
  timer,
} from 'rxjs';

/** Time in ms between two looks at the modem lines. */
const LOOK_INTERVAL = 1_000;

/** Whether a link has the lines of a serial port. */
export function hasModemLines(link: ByteLink): link is SerialLink {
  return 'setLines' in link;
}

/**
 * Emits whenever a line goes off that a module holds on in data mode: DCD, DSR and, where it does not
 * hold back payload (`flowControl`), CTS. Completes at once where the port has none.
 */
export function drops(port: ByteLink, flowControl: boolean, scheduler: SchedulerLike): Observable<unknown> {
  return looks(port, flowControl, scheduler, (before, now) => before && !now);
}

/** Emits whenever one of these lines changes. Completes at once where the port has none. */
export function lineChanges(
  port: ByteLink,
  flowControl: boolean,
  scheduler: SchedulerLike,
): Observable<unknown> {
  return looks(port, flowControl, scheduler, (before, now) => before !== now);
}

/** Looks at the lines again and again, and emits when two looks differ in a way that counts. */
function looks(
  port: ByteLink,
  flowControl: boolean,
  scheduler: SchedulerLike,
  counts: (before: boolean, now: boolean) => boolean,
): Observable<unknown> {
  if (!('lines' in port)) return EMPTY;
  const serial = port as SerialLink;
  const watched: readonly (keyof InputLines)[] = flowControl ? ['dcd', 'dsr'] : ['dcd', 'dsr', 'cts'];
  return timer(0, LOOK_INTERVAL, scheduler).pipe(
    exhaustMap(() => serial.lines()),
    pairwise(),
    filter(([before, now]) => watched.some((line) => counts(before[line], now[line]))),
    catchError(() => EMPTY),
  );
}

/** `AT&D1`: DTR going off leaves data mode. */
export function dropDtr(port: SerialLink): Observable<never> {
  return concat(port.setLines({ dtr: false }), port.setLines({ dtr: true }));
}
