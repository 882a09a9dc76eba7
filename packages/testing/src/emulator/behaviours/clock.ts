import { catchError, map, merge, of, switchMap, TimeoutError, take, throwError, timeout } from 'rxjs';
import { parseTimeText, timeText } from '../../networks/mobile/tpdu/time-stamp.js';
import { NetworkError } from '../../networks/network.js';
import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import { realTimeClockOf } from '../mobile/clock.js';
import { ntpRequest, ntpTime } from '../mobile/ntp.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';

/** `<err>` of `AT+CNTP` (AT command manual, 14.3.2). */
const ERR = { ok: 0, wrongTime: 3, network: 4, timeout: 6 } as const;

const NTP_PORT = 123;

/** Time in ms that a time server has to answer. */
const NTP_TIMEOUT = 10_000;

/** The server of `AT+CNTP`, the zone that its time is shown in, and the PDP context to it. */
const timeServerOf = perModule(() => ({ host: 'pool.ntp.org', zone: 32, context: 1 }));

/** The real-time clock (AT command manual, 3.2.10 and 14.2.3). */
export const clock: readonly Behaviour[] = [
  {
    command: '+CCLK',
    test: () => ok(),
    read: (_, module) => ok(`+CCLK: "${timeText(realTimeClockOf(module).now())}"`),
    write: ({ values, quoted }, module) => {
      // A time has a comma: without its quotes it comes in two.
      const time = parseTimeText(quoted[0] === true ? (values[0] ?? '') : values.join());
      if (time === undefined) return refuse();
      realTimeClockOf(module).set(time);
      return ok();
    },
  },
  {
    command: '+CNTP',
    maxTime: 120_000,
    test: () => ok('+CNTP: "HOST",(-96~96)'),
    read: (_, module) => {
      const { host, zone } = timeServerOf(module);
      return ok(`+CNTP: ${host},${zone}`);
    },
    write: ({ values: [host = '', zoneText = '32', ...more] }, module) => {
      const zone = /^[+-]?\d{1,2}$/.test(zoneText) ? Number(zoneText) : Number.NaN;
      if (host === '' || host.length > 255 || !(Math.abs(zone) <= 96) || more.length > 0) return refuse();
      Object.assign(timeServerOf(module), { host, zone });
      return ok();
    },
    execute: (_, module) => okThen(() => askTime(module)),
  },
  {
    command: '+CNTPCID',
    family: 'sim7600',
    test: () => ok('+CNTPCID: (1-16)'),
    read: (_, module) => ok(`+CNTPCID: ${timeServerOf(module).context}`),
    write: ({ values: [cid] }, module) => {
      const context = number(cid, 1, 16);
      if (context === undefined) return refuse();
      timeServerOf(module).context = context;
      return ok();
    },
  },
];

/** Asks the time server; the result follows `OK`. */
function askTime(module: Module): void {
  const { host, zone, context } = timeServerOf(module);
  const { network, radio, clock: timers } = module;
  const conclude = (err: number) => module.conclude(`+CNTP: ${err}`);
  if (!radio.isActive(context)) {
    conclude(ERR.network);
    return;
  }
  const answer$ = network.resolve(host).pipe(
    switchMap(([address = host]) =>
      network
        .bind(0)
        .pipe(
          switchMap((socket) =>
            merge(socket.received$, socket.send(ntpRequest(), { host: address, port: NTP_PORT })),
          ),
        ),
    ),
    map(({ bytes }) => ntpTime(bytes)),
    switchMap((ms) => (ms === undefined ? throwError(() => ERR.wrongTime) : of(ms))),
    take(1),
    timeout({ first: NTP_TIMEOUT, scheduler: timers.scheduler }),
    map((ms) => {
      realTimeClockOf(module).set({ ms, zone });
      return ERR.ok;
    }),
    catchError((error: unknown) => of(errOf(error))),
  );
  timers.keep(answer$.subscribe(conclude));
}

function errOf(error: unknown): number {
  if (error instanceof TimeoutError) return ERR.timeout;
  return error instanceof NetworkError ? ERR.network : ERR.wrongTime;
}
