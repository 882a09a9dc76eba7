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

/** Time in ms for `AT`, before the module is taken to be multiplexed already. */
const ROUND = 3_000;
/** What `AT+CMUX` needs: it is answered at once. */
const COMMAND_TIMEOUT = 5_000;
/** `<port_speed>` of `AT+CMUX` by rate (3GPP TS 27.007, 5.7). */
const SPEEDS = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600];
const USUAL_SPEED = 5;

/** The command that ends multiplexing (3GPP TS 27.010, 5.4.6.3.3), as a frame. */
const CLOSE_DOWN = Uint8Array.of(0xf9, 0x03, 0xef, 0x05, 0xc3, 0x01, 0xf2, 0xf9);
/** Payload of its answer, whichever side sends the frame. */
const CLOSED_DOWN = [0xef, 0x05, 0xc1, 0x01];
/** Flags that complete a frame which an earlier program has left unfinished, however long it was to be. */
const FLUSH = new Uint8Array(1_510).fill(0xf9);

/**
 * Brings a module to multiplexing from whatever mode an earlier program has left it in. Cold.
 *
 * @returns emits once, when the line carries frames: the longest payload in bytes, undefined where that is not known
 * @throws `MODULE_SILENT` when the module answers neither `AT` nor frames, `MULTIPLEXER_REFUSED` when it
 *   refuses `AT+CMUX`
 */
export function startMultiplexing(
  link: ByteLink,
  options: StartMultiplexingOptions,
): Observable<number | undefined> {
  return defer(() => {
    const plain = new PlainLine(link, options.scheduler);
    return reach(plain, link, options).pipe(
      mergeMap((mode) => (mode === 'plain' ? negotiate(plain, link, options.frameSize) : of(undefined))),
      finalize(() => plain.end()),
      // The line is free before the caller that waits for this begins to send frames.
      last(),
    );
  });
}

/** Whether a module that has answered `AT+CMUX` with `OK` and is silent on frames answers `AT`. Cold; emits once. */
export function isStillPlain(link: ByteLink, scheduler: SchedulerLike): Observable<boolean> {
  return defer(() => {
    const plain = new PlainLine(link, scheduler);
    return plain.answers(ROUND).pipe(finalize(() => plain.end()));
  });
}

/**
 * Asks until the module answers. One that does not may be multiplexed since an earlier program: it is told to
 * stop, and one that confirms that but goes on is used as it is.
 */
function reach(
  plain: PlainLine,
  link: ByteLink,
  { scheduler, startTimeout }: StartMultiplexingOptions,
): Observable<'plain' | 'multiplexed'> {
  const deadline = scheduler.now() + startTimeout;
  const round = (count: number): Observable<'plain' | 'multiplexed'> =>
    plain.answers(ROUND).pipe(
      mergeMap((answers) => {
        if (answers) return of('plain' as const);
        if (count > 1 && contains(plain.heard, CLOSED_DOWN)) return of('multiplexed' as const);
        if (scheduler.now() >= deadline) return throwError(silent);
        const flush$ = count === 0 ? of() : link.write(FLUSH);
        return concat(
          flush$.pipe(ignoreElements()),
          link.write(CLOSE_DOWN).pipe(ignoreElements()),
          defer(() => round(count + 1)),
        );
      }),
    );
  return defer(() => round(0));
}

function negotiate(plain: PlainLine, link: ByteLink, wanted: number): Observable<number | undefined> {
  const run = (text: string) => plain.lane.run(rawCommand(text, COMMAND_TIMEOUT));
  // A module that stays in plain AT mode would send the frames back.
  const echoOff$ = run('ATE0').pipe(ignoreElements(), catchError(ignoreRefusal));
  const range$ = run('AT+CMUX=?').pipe(
    map(([line = '']) => Math.min(wanted, longest(line) ?? wanted)),
    catchError((error) => (isAtError(error) ? of(wanted) : throwError(() => error))),
  );
  return concat(echoOff$, range$).pipe(
    mergeMap((size) =>
      run(`AT+CMUX=0,0,${speedOf(link)},${size}`).pipe(
        map(() => size),
        catchError((error) => (isAtError(error) ? bare(run) : throwError(() => error))),
      ),
    ),
  );
}

/** Firmware that does not know the parameters may know the command. */
function bare(run: (text: string) => Observable<unknown>): Observable<undefined> {
  return run('AT+CMUX=0').pipe(
    map(() => undefined),
    catchError((error: Error) =>
      throwError(() =>
        isAtError(error)
          ? new TransportError(
              'MULTIPLEXER_REFUSED',
              `The module refused AT+CMUX (${error.message}). A76xx modules multiplex their UART only, and some ` +
                'firmware does not at all. On USB, use two ports: modem({ control, data }).',
              error,
            )
          : error,
      ),
    ),
  );
}

/** N1 at the most, by `+CMUX: (0),(0),(1-8),(1-1500),…`. */
function longest(line: string): number | undefined {
  const [, , , range = ''] = line.replace(/^\+CMUX:\s*/, '').match(/\([^)]*\)/g) ?? [];
  const numbers = range.match(/\d+/g)?.map(Number) ?? [];
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function speedOf(link: ByteLink): number {
  const index = 'baudRate' in link ? SPEEDS.indexOf(Number(link.baudRate)) : -1;
  return index < 0 ? USUAL_SPEED : index + 1;
}

function contains(bytes: readonly number[], wanted: readonly number[]): boolean {
  return bytes.some((_, at) => wanted.every((byte, index) => bytes[at + index] === byte));
}

function silent(): ModemError {
  return new ModemError(
    'MODULE_SILENT',
    'The module answers neither AT nor a request to stop multiplexing. Check its power, the port and the baud rate; ' +
      'a module that a program has left multiplexed needs a reset or a power cycle if it does not hear that request.',
  );
}
