import {
  catchError,
  concatMap,
  map,
  type Observable,
  of,
  range,
  switchMap,
  take,
  timeout,
  timer,
} from 'rxjs';

import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';

/** What `AT+CPING` asks for (AT command manual, 5.2.17). Times are in ms. */
interface Ping {
  readonly host: string;
  readonly count: number;
  readonly size: number;
  readonly interval: number;
  readonly wait: number;
  readonly lifetime: number;
}

/** `<result_type>`. */
const REPLY = 1;
const TIMEOUT = 2;
const SUMMARY = 3;

/** Pinging. */
export const ping: readonly Behaviour[] = [
  {
    command: '+CPING',
    test: () => ok('+CPING: IP address,(1,2),(1-5),(4-188),(1000-10000),(10000-100000),(16-255)'),
    write: ({ values }, module) => start(values, module),
  },
];

function start([host = '', family, ...numbers]: readonly string[], module: Module): Reply {
  const [count, size, interval, wait, lifetime] = [
    optional(numbers[0], 1, 5, 4),
    optional(numbers[1], 4, 188, 64),
    optional(numbers[2], 1000, 10_000, 2000),
    optional(numbers[3], 10_000, 100_000, 10_000),
    optional(numbers[4], 16, 255, 255),
  ];
  if (host === '' || number(family, 1, 1) === undefined || numbers.length > 5) return refuse();
  if (count === undefined || size === undefined || interval === undefined) return refuse();
  if (wait === undefined || lifetime === undefined || !module.radio.bearer) return refuse();
  return okThen(() => run({ host, count, size, interval, wait, lifetime }, module));
}

/** Sends the pings one after another, and reports each and then all of them. */
function run({ host, count, size, interval, wait, lifetime }: Ping, module: Module): void {
  const { network, clock } = module;
  const { scheduler } = clock;
  const times: number[] = [];
  const once = (address: string): Observable<number | undefined> => {
    const answer$ = network.ping?.(address, size) ?? timer(wait + 1, scheduler);
    return answer$.pipe(
      take(1),
      timeout({ first: wait, scheduler }),
      catchError(() => of(undefined)),
    );
  };
  const pings$ = network.resolve(host).pipe(
    switchMap(([address = host]) =>
      range(0, count).pipe(
        concatMap((index) =>
          (index === 0 ? of(0) : timer(interval, scheduler)).pipe(
            switchMap(() => once(address)),
            map((time) => ({ address, time })),
          ),
        ),
      ),
    ),
    catchError(() =>
      of(...new Array<{ address: string; time: undefined }>(count).fill({ address: '', time: undefined })),
    ),
  );
  clock.keep(
    pings$.subscribe({
      next: ({ address, time }) => {
        if (time !== undefined) times.push(time);
        module.report(
          time === undefined
            ? `+CPING: ${TIMEOUT}`
            : `+CPING: ${REPLY},${address},${size},${time},${lifetime}`,
        );
      },
      complete: () => {
        const sum = times.reduce((total, time) => total + time, 0);
        const summary =
          times.length === 0
            ? [0, 0, 0]
            : [Math.min(...times), Math.max(...times), Math.round(sum / times.length)];
        module.conclude(`+CPING: ${[SUMMARY, count, times.length, count - times.length, ...summary].join()}`);
      },
    }),
  );
}
