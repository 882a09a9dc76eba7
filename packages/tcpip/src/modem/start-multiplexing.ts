import { isAtError } from '@a7600/at-codec';
import { type ByteLink, TransportError } from '@a7600/transport';
import {
  catchError,
  concat,
  defer,
  finalize,
  ignoreElements,
  last,
  map,
  mergeMap,
  type Observable,
  of,
  type SchedulerLike,
  throwError,
} from 'rxjs';
import { confirmsCloseDown } from '../base/close-down.js';
import { ModemError } from '../base/errors.js';
import { ignoreRefusal } from '../base/refusals.js';
import { rawCommand } from '../session/raw.js';
import { PlainLine } from './plain-line.js';

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
/** Time in ms for a module that should answer `AT`. */
const SHORT = 3_000;
/** What `AT+CMUX` needs: it is answered at once. */
const COMMAND_TIMEOUT = 5_000;
/** The longest line of a command that proves a size of frames: modules take some 550 characters. */
const LONGEST_PROOF = 500;
/** `<port_speed>` of `AT+CMUX` by rate (3GPP TS 27.007, 5.7). */
const SPEEDS = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600];
const USUAL_SPEED = 5;
const BARE = 'AT+CMUX=0';

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
      mergeMap((mode) => (mode === 'plain' ? negotiate(plain, link, options.frameSize) : of(undefined))),
    ),
  );
}

/** Whether a module that has answered `AT+CMUX` with `OK` and is silent on frames answers `AT`. Cold; emits once. */
export function isStillPlain(link: ByteLink, scheduler: SchedulerLike): Observable<boolean> {
  return onPlainLine(link, scheduler, (plain) => plain.answers(SHORT));
}

/**
 * Whether a channel carries frames of that many bytes, by a command that fills one; undefined when it does not answer
 * at all. Cold; emits once.
 */
export function carriesFrames(
  channel: ByteLink,
  size: number,
  scheduler: SchedulerLike,
): Observable<boolean | undefined> {
  return onPlainLine(channel, scheduler, (plain) =>
    plain.answers(SHORT).pipe(
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

/** Uses a port in plain AT mode; it is free before the caller that waits for the one value goes on. */
function onPlainLine<T>(
  link: ByteLink,
  scheduler: SchedulerLike,
  use: (plain: PlainLine) => Observable<T>,
): Observable<T> {
  return defer(() => {
    const plain = new PlainLine(link, scheduler);
    return use(plain).pipe(
      finalize(() => plain.end()),
      last(),
    );
  });
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

function negotiate(plain: PlainLine, link: ByteLink, wanted: number): Observable<number | undefined> {
  const run = (text: string) => plain.lane.run(rawCommand(text, COMMAND_TIMEOUT));
  const despiteRefusal = (text: string) => run(text).pipe(ignoreElements(), catchError(ignoreRefusal));
  const longest$ = run('AT+CMUX=?').pipe(
    map(([line = '']) => longest(line) ?? wanted),
    catchError((error) => (isAtError(error) ? of(wanted) : throwError(() => error))),
  );
  // Less than wanted counts when the module says so twice: one answer may be damaged.
  const range$ = longest$.pipe(
    mergeMap((first) =>
      first >= wanted ? of(wanted) : longest$.pipe(map((second) => (first === second ? first : wanted))),
    ),
  );
  // Firmware that does not know the parameters may know the command. The echo tells whether it has read that.
  const bare$ = concat(
    despiteRefusal('ATE1'),
    run(BARE).pipe(
      map(() => undefined),
      catchError((error: Error) =>
        throwError(() => (isAtError(error) ? refusal(error, plain.heard.includes(`${BARE}\r`)) : error)),
      ),
    ),
  );
  // A module that stays in plain AT mode would send the frames back.
  return concat(despiteRefusal('ATE0'), range$).pipe(
    mergeMap((size) =>
      run(`AT+CMUX=0,0,${speedOf(link)},${size}`).pipe(
        map(() => size),
        catchError((error) => (isAtError(error) ? bare$ : throwError(() => error))),
      ),
    ),
  );
}

/** `wasRead`: the module has echoed what it refused, so that it was not the line that damaged it. */
function refusal(error: Error, wasRead: boolean): TransportError {
  return wasRead
    ? new TransportError(
        'MULTIPLEXER_REFUSED',
        `The module refused AT+CMUX (${error.message}). A76xx modules multiplex their UART only, and some ` +
          'firmware does not at all. On USB, use two ports: modem({ control, data }).',
        error,
      )
    : new TransportError(
        'TIMEOUT',
        `The module did not accept AT+CMUX (${error.message}), and its echo does not show that command: the line may ` +
          'damage what is sent. Check the line; use RTS/CTS, or a lower baud rate.',
        error,
      );
}

/** N1 at the most, by `+CMUX: (0),(0),(1-8),(1-1500),…`. */
function longest(line: string): number | undefined {
  const [, , , range = ''] = line.replace(/^\+CMUX:\s*/, '').match(/\([^)]*\)/g) ?? [];
  const numbers = range.match(/\d+/g)?.map(Number) ?? [];
  const most = Math.max(0, ...numbers);
  return most === 0 ? undefined : most;
}

function speedOf(link: ByteLink): number {
  const index = 'baudRate' in link ? SPEEDS.indexOf(Number(link.baudRate)) : -1;
  return index < 0 ? USUAL_SPEED : index + 1;
}

function silent(): ModemError {
  return new ModemError(
    'MODULE_SILENT',
    'The module answers neither AT nor a request to stop multiplexing. Check its power, the port and the baud rate; ' +
      'a module that a program has left multiplexed needs a reset or a power cycle if it does not hear that request.',
  );
}
