import { isAtError } from '@a7600/at-codec';
import { type ByteLink, TransportError } from '@a7600/transport';
import { catchError, concat, ignoreElements, map, mergeMap, type Observable, of, throwError } from 'rxjs';
import { ignoreRefusal } from '../base/refusals.js';
import { rawCommand } from '../session/raw.js';
import { COMMAND_TIMEOUT, type PlainLine } from './plain-line.js';

/** `<port_speed>` of `AT+CMUX` by rate (3GPP TS 27.007, 5.7). */
const SPEEDS = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600];
const USUAL_SPEED = 5;
const BARE = 'AT+CMUX=0';
/** Its echo, a line of its own: with another byte before it, the module has read something else. */
const ECHO = /(?:^|[\r\n])AT\+CMUX=0\r/;

/**
 * Sends `AT+CMUX` with the longest frames that the module reports, up to `wanted` bytes, or without parameters. Cold.
 *
 * @returns emits once: the size that was set; undefined where that is not known
 * @throws `MULTIPLEXER_REFUSED`; `TIMEOUT` when the line damaged the command
 */
export function sendCmux(plain: PlainLine, link: ByteLink, wanted: number): Observable<number | undefined> {
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
        throwError(() => (isAtError(error) ? refusal(error, ECHO.test(plain.heard)) : error)),
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
