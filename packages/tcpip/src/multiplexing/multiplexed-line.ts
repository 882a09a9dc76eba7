import { a7600, createDecoder, restarted } from '@a7600/at-codec';
import { type ByteLink, isTransportError, type Transport, TransportError } from '@a7600/transport';
import { cmux, type Multiplexed } from '@a7600/transport/cmux';
import {
  catchError,
  concat,
  defer,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  of,
  type SchedulerLike,
  Subject,
  switchMap,
  tap,
  throwError,
} from 'rxjs';
import { isModemError, ModemError } from '../base/errors.js';
import { proved } from './frame-size.js';
import { isStillPlain } from './plain-line.js';
import { startMultiplexing } from './start-multiplexing.js';

/** How often a line is multiplexed from the beginning, when something on the way was not answered. */
const ATTEMPTS = 3;

/** What {@link multiplexedLine} is told. */
export interface LineOptions {
  /** The longest payload of a frame in bytes that is asked for. */
  readonly frameSize: number;
  /** Time in ms for the module to answer. */
  readonly startTimeout: number;
  /** The channel for commands. */
  readonly channel: number;
  readonly scheduler: SchedulerLike;
}

/** A multiplexed line, and the port that carries it. */
export interface OpenLine {
  readonly mux: Multiplexed;
  readonly link: ByteLink;
}

/** Opens the port and multiplexes it. Cold. */
export function multiplexedLine(
  transport: Transport,
  { frameSize, startTimeout, channel, scheduler }: LineOptions,
): Observable<OpenLine> {
  /** `silences`: how many of the attempts before ended with frames that were not answered. */
  const start = (link: ByteLink, attempt: number, silences: number): Observable<OpenLine> => {
    const isLast = attempt >= ATTEMPTS;
    let isUp = false;
    let wasSilent = false;
    return startMultiplexing(link, { scheduler, frameSize, startTimeout }).pipe(
      switchMap((size) =>
        withoutRestart((onDiscarded) =>
          cmux(concat(of(link), NEVER), { frameSize: size, scheduler, onDiscarded }).pipe(
            catchError((error: unknown) => {
              wasSilent = isTimeout(error);
              // A line that is damaged fails in one way and another, and says nothing about the firmware.
              const isAlways = isLast && silences === ATTEMPTS - 1;
              return isAlways && !isUp ? unanswered(error, link, scheduler) : throwError(() => error);
            }),
            mergeMap((mux) =>
              proved(mux, { size, channel, scheduler, isLast }).pipe(map(() => ({ mux, link }))),
            ),
          ),
        ),
      ),
      tap(() => {
        isUp = true;
      }),
      // Each of these steps can be lost or damaged on the line, which does not happen each time.
      catchError((error: unknown) =>
        isUp || isLast || !isTimeout(error)
          ? throwError(() => error)
          : start(link, attempt + 1, silences + (wasSilent ? 1 : 0)),
      ),
    );
  };
  return transport.pipe(switchMap((link) => start(link, 1, 0)));
}

function isTimeout(error: unknown): boolean {
  return isTransportError(error, 'TIMEOUT') || isModemError(error, 'TIMEOUT');
}

/** Says why a module that has answered `AT+CMUX` with `OK` does not answer frames. */
function unanswered(error: unknown, link: ByteLink, scheduler: SchedulerLike): Observable<never> {
  if (!isTransportError(error, 'TIMEOUT')) return throwError(() => error);
  return isStillPlain(link, scheduler).pipe(
    mergeMap((plain) =>
      throwError(() =>
        plain
          ? new TransportError(
              'MULTIPLEXER_REFUSED',
              'The module answered AT+CMUX with OK and stays in plain AT mode, as some firmware does. Update the ' +
                'firmware, or use one port without multiplexing.',
              error,
            )
          : error,
      ),
    ),
    ignoreElements(),
  );
}

/** Errors with `MODULE_RESTARTED` when start-up lines come outside frames: the module is in plain AT mode again. */
function withoutRestart<T>(open: (onDiscarded: (bytes: Uint8Array) => void) => Observable<T>): Observable<T> {
  return defer(() => {
    const restarts = new Subject<never>();
    const decoder = createDecoder(a7600, (event) => {
      if (event.kind !== 'urc' || !restarted.some((urc) => urc === event.urc)) return;
      const message =
        'The module restarted by itself, and does not multiplex the line any more. Check its power supply if that was ' +
        'not asked for, then open the modem again.';
      restarts.error(new ModemError('MODULE_RESTARTED', message));
    });
    return merge(
      open((bytes) => decoder.push(bytes)),
      restarts,
    );
  });
}
