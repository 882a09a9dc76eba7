import { a7600, createDecoder, restarted } from '@a7600/at-codec';
import {
  type ByteLink,
  isTransportError,
  type SerialLink,
  type Transport,
  TransportError,
} from '@a7600/transport';
import { cmux, type Multiplexed } from '@a7600/transport/cmux';
import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  Observable,
  of,
  ReplaySubject,
  type SchedulerLike,
  Subject,
  Subscription,
  share,
  switchMap,
  tap,
  throwError,
} from 'rxjs';
import { isModemError, ModemError } from '../base/errors.js';
import type { ModemPorts } from './open-ports.js';
import { carriesFrames, isStillPlain, startMultiplexing } from './start-multiplexing.js';

const USUAL_CHANNELS = { control: 1, data: 2, spare: 3 };
/** How often a line is multiplexed from the beginning, when something on the way was not answered. */
const ATTEMPTS = 3;

/** Settings of {@link multiplexed}. */
export interface MultiplexedOptions {
  /**
   * N1: the longest payload of a frame in bytes, 1 to 1500; no more than `AT+CMUX=?` reports is used. Short
   * frames let commands pass sooner, long ones cost fewer bytes: 127 leave data 0.955 of the line, 1500
   * leave it 0.995. Default 127, which firmware that cannot count two bytes of length takes, too.
   */
  readonly frameSize?: number | undefined;
  /** Channels for commands, data, and the spare one; 1 to 61. Default 1, 2 and 3. */
  readonly channels?: { readonly control: number; readonly data: number; readonly spare: number } | undefined;
  /** Time in ms for the module to answer; one that was just switched on needs some 11 s. Default 30000. */
  readonly startTimeout?: number | undefined;
  /** The clock. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** The channels of one serial line, as the ports of a module. */
export interface MultiplexedPorts extends ModemPorts {
  /**
   * A further AT port for the program's own use. Cold: opens the line if no other channel has, emits a
   * {@link SerialLink}; unsubscribing closes it.
   */
  readonly spare: Observable<SerialLink>;
  /**
   * Completes when the line is back in plain AT mode and the port is closed, at once if it is not open. Errors
   * with `TIMEOUT` when the module did not confirm that: reset it or switch its power off and on before another
   * program uses the line. `multiplexed` itself takes such a module over. Cold.
   */
  readonly returned$: Observable<never>;
}

/**
 * Shares out one serial line to a module (`AT+CMUX`): `modem(multiplexed(serial(…)))` has a channel for commands and
 * one for transparent data, and a third one is the program's. The first channel that is subscribed to opens the port
 * and multiplexes it; when the last one is unsubscribed, the line returns to plain AT mode. A module that an earlier
 * program has left multiplexed is taken over.
 *
 * The channels error with `MULTIPLEXER_REFUSED` when the module refuses `AT+CMUX`, or answers `OK` and stays in plain
 * AT mode; with `MODULE_SILENT`, and as the transport does.
 *
 * @param transport the port: the module's UART
 * @param options - the numbers of the channels, and times
 * @returns the channels as ports; nothing is opened before one is subscribed to
 * @see 3GPP TS 27.010, basic option; AT command manual, AT+CMUX
 * @example
 * modem(multiplexed(serial({ path: '/dev/ttyS1', baudRate: 115_200 })))
 */
export function multiplexed(transport: Transport, options: MultiplexedOptions = {}): MultiplexedPorts {
  const { channels = USUAL_CHANNELS, scheduler = asyncScheduler } = options;
  let returned = new ReplaySubject<never>(0);
  returned.complete();
  const open$ = new Observable<OpenLine>((subscriber) => {
    const before = returned;
    const done = new ReplaySubject<never>(0);
    returned = done;
    const use = new Subscription();
    let current: OpenLine | undefined;
    const port$ = concat(
      before.pipe(catchError(() => EMPTY)),
      multiplexedLine(transport, options, scheduler),
    );
    use.add(
      port$.subscribe({
        next: (line) => {
          current = line;
          subscriber.next(line);
        },
        error: (error: unknown) => {
          done.complete();
          subscriber.error(error);
        },
        complete: () => {
          done.complete();
          subscriber.complete();
        },
      }),
    );
    return () => {
      const left$ = current === undefined ? EMPTY : leave(current, scheduler);
      left$.subscribe({
        error: (error: unknown) => {
          use.unsubscribe();
          done.error(error);
        },
        complete: () => {
          use.unsubscribe();
          done.complete();
        },
      });
    };
  });
  const line$ = open$.pipe(share({ connector: () => new ReplaySubject(1) }));
  const channel = (dlci: number) =>
    line$.pipe(
      switchMap(({ mux }) =>
        concat(defer(() => mux.negotiate(dlci)).pipe(ignoreElements()), mux.channel(dlci)),
      ),
    );
  return {
    control: channel(channels.control),
    data: channel(channels.data),
    spare: channel(channels.spare),
    returned$: defer(() => returned),
  };
}

/** A multiplexed line, and the port that carries it. */
interface OpenLine {
  readonly mux: Multiplexed;
  readonly link: ByteLink;
}

/** Returns the line to plain AT mode, and makes sure of it: some firmware confirms that and goes on. */
function leave({ mux, link }: OpenLine, scheduler: SchedulerLike): Observable<never> {
  const check$ = defer(() => isStillPlain(link, scheduler)).pipe(
    mergeMap((isPlain) => (isPlain ? EMPTY : throwError(notReturned))),
  );
  return concat(mux.closeDown(), check$);
}

function notReturned(): TransportError {
  return new TransportError(
    'TIMEOUT',
    'The module confirmed that it stopped multiplexing, but does not answer AT. Reset it, or switch its power off ' +
      'and on, before another program uses the line; multiplexed() takes it over as it is.',
  );
}

/** Opens the port and multiplexes it. Cold. */
function multiplexedLine(
  transport: Transport,
  options: MultiplexedOptions,
  scheduler: SchedulerLike,
): Observable<OpenLine> {
  const { frameSize = 127, startTimeout = 30_000, channels = USUAL_CHANNELS } = options;
  const start = (link: ByteLink, attempt: number): Observable<OpenLine> => {
    const isLast = attempt >= ATTEMPTS;
    let isUp = false;
    return startMultiplexing(link, { scheduler, frameSize, startTimeout }).pipe(
      switchMap((size) =>
        withoutRestart((onDiscarded) =>
          cmux(concat(of(link), NEVER), { frameSize: size, scheduler, onDiscarded }).pipe(
            catchError((error: unknown) =>
              isLast && !isUp ? unanswered(error, link, scheduler) : throwError(() => error),
            ),
            mergeMap((mux) =>
              proved(mux, { size, channel: channels.control, scheduler, isLast }).pipe(
                map(() => ({ mux, link })),
              ),
            ),
          ),
        ),
      ),
      tap(() => {
        isUp = true;
      }),
      // Each of these steps can be lost or damaged on the line, which does not happen each time.
      catchError((error: unknown) =>
        isUp || isLast || !isTimeout(error) ? throwError(() => error) : start(link, attempt + 1),
      ),
    );
  };
  return transport.pipe(switchMap((link) => start(link, 1)));
}

function isTimeout(error: unknown): boolean {
  return isTransportError(error, 'TIMEOUT') || isModemError(error, 'TIMEOUT');
}

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
function proved(mux: Multiplexed, { size, channel, scheduler, isLast }: Proof): Observable<unknown> {
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
