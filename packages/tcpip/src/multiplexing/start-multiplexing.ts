import type { ByteLink } from '@a7600/transport';
import { defer, mergeMap, type Observable, of, type SchedulerLike, throwError } from 'rxjs';
import { confirmsCloseDown } from '../base/close-down.js';
import { ModemError } from '../base/errors.js';
import { sendCmux } from './cmux-command.js';
import { onPlainLine, type PlainLine } from './plain-line.js';

/** Settings of {@link startMultiplexing}. */
export interface StartMultiplexingOptions {
  readonly scheduler: SchedulerLike;
  /** The longest payload of a frame in bytes that is asked for. */
  readonly frameSize: number;
  /** Time in ms for the module to answer. */
  readonly startTimeout: number;
}

/** Time in ms for `AT`, then an escape and a close-down, and `AT` again. */
const ROUND = 6_000;
/**
 * Brings a module to multiplexing from whatever mode an earlier program has left it in. Cold.
 *
 * @returns emits once, when the line carries frames: the longest payload in bytes, undefined where that is not known
 * @throws `MODULE_SILENT` when the module answers neither `AT` nor frames, `MULTIPLEXER_REFUSED` when it
 *   refuses `AT+CMUX`, `TIMEOUT` when the line damaged what was sent or answered
 */
export function startMultiplexing(
  link: ByteLink,
  options: StartMultiplexingOptions,
): Observable<number | undefined> {
  return onPlainLine(link, options.scheduler, (plain) =>
    reach(plain, options).pipe(
      mergeMap((mode) => (mode === 'plain' ? sendCmux(plain, link, options.frameSize) : of(undefined))),
    ),
  );
}

/**
 * Asks until the module answers. One that does not may be in data mode, or multiplexed, since an earlier program: it is
 * told to stop, and one that confirms that twice but goes on is used as it is.
 */
function reach(
  plain: PlainLine,
  { scheduler, startTimeout }: StartMultiplexingOptions,
): Observable<'plain' | 'multiplexed'> {
  const deadline = scheduler.now() + startTimeout;
  const round = (confirmations: number): Observable<'plain' | 'multiplexed'> =>
    plain.answers(ROUND).pipe(
      mergeMap((answers) => {
        if (answers) return of('plain' as const);
        const confirmed = confirmations + (confirmsCloseDown(plain.heard) ? 1 : 0);
        if (confirmed > 1) return of('multiplexed' as const);
        return scheduler.now() >= deadline ? throwError(silent) : round(confirmed);
      }),
    );
  return defer(() => round(0));
}

function silent(): ModemError {
  return new ModemError(
    'MODULE_SILENT',
    'The module answers neither AT nor a request to stop multiplexing. Check its power, the port and the baud rate; ' +
      'a module that a program has left multiplexed needs a reset or a power cycle if it does not hear that request.',
  );
}
