import { isAtError } from '@a7600/at-codec';
import { type ByteLink, TransportError } from '@a7600/transport';
import type { Multiplexed } from '@a7600/transport/cmux';
import { catchError, concat, map, mergeMap, type Observable, of, type SchedulerLike, throwError } from 'rxjs';
import { rawCommand } from '../session/raw.js';
import { AT_TIMEOUT, COMMAND_TIMEOUT, onPlainLine } from './plain-line.js';

/** The longest line of a command that proves a size of frames: modules take some 550 characters. */
const LONGEST_PROOF = 500;

/** What {@link proved} needs to know. */
interface Proof {
  /** N1 that was set; undefined where that is not known. */
  readonly size: number | undefined;
  /** The channel that is asked, which is opened and closed for it where the module does not negotiate. */
  readonly channel: number;
  readonly scheduler: SchedulerLike;
  /** Whether there is no other attempt: shorter frames than were set are used then. */
  readonly isLast: boolean;
}

/**
 * Completes with one value when the module has shown that it takes frames of the size that was set. A damaged
 * `AT+CMUX` may have set another one, and a module drops the frames that are too long without a word.
 *
 * @throws `TIMEOUT` when it does not
 */
export function proved(mux: Multiplexed, { size, channel, scheduler, isLast }: Proof): Observable<unknown> {
  return mux.negotiate(channel).pipe(
    mergeMap((agreed) => {
      if (size === undefined || agreed === size || (agreed !== undefined && isLast)) return of(agreed);
      if (agreed !== undefined) return leaveWith(mux, sizeRefused(size));
      return mux
        .channel(channel)
        .pipe(
          mergeMap((link) =>
            carriesFrames(link, size, scheduler).pipe(
              mergeMap((carried) =>
                concat(link.close(), carried === false ? leaveWith(mux, sizeRefused(size)) : of(size)),
              ),
            ),
          ),
        );
    }),
  );
}

function leaveWith(mux: Multiplexed, error: TransportError): Observable<never> {
  return concat(
    mux.closeDown(),
    throwError(() => error),
  );
}

function sizeRefused(size: number): TransportError {
  return new TransportError(
    'TIMEOUT',
    `The module does not take frames of ${size} bytes, although AT+CMUX was to set them. Give a smaller frameSize; if ` +
      'it happens from time to time, the line damages what is sent.',
  );
}

/**
 * Whether a channel carries frames of that many bytes, by a command that fills one; undefined when it does not answer
 * at all. Cold; emits once.
 */
function carriesFrames(
  channel: ByteLink,
  size: number,
  scheduler: SchedulerLike,
): Observable<boolean | undefined> {
  return onPlainLine(channel, scheduler, (plain) =>
    plain.answers(AT_TIMEOUT).pipe(
      mergeMap((answers) => {
        if (!answers) return of(undefined);
        // Spaces mean nothing in a command line (ITU-T V.250, 5.2.1).
        const text = 'AT'.padEnd(Math.min(size, LONGEST_PROOF) - 1);
        return plain.lane.run(rawCommand(text, COMMAND_TIMEOUT)).pipe(
          map(() => true),
          catchError((error) => of(isAtError(error))),
        );
      }),
    ),
  );
}
