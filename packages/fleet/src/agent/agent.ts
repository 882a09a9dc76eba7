/**
 * What runs beside the modems: offers them, decides about requests and leases, reports states and events.
 *
 * @module
 */

import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  ignoreElements,
  isObservable,
  merge,
  Observable,
  of,
  type SchedulerLike,
  Subject,
  Subscription,
  skip,
  throttleTime,
  timer,
} from 'rxjs';
import { FleetError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import type { ModemReport } from '../protocol/modem-report.js';
import { assertName, PROTOCOL_VERSION } from '../protocol/names.js';
import { jsonBytes } from '../protocol/record.js';
import { beatOf, eventOf, framesOf, keyOf, partsOf, ROLL_CALL } from '../protocol/subjects.js';
import type { StreamOptions } from '../stream/stream-table.js';
import { AgentStreams } from './agent-streams.js';
import { LeaseDesk } from './lease-desk.js';
import { type AgentModem, ModemHost } from './modem-host.js';
import { isFromStore, RequestDesk } from './request-desk.js';
import { Spool } from './spool.js';

/** Settings of an agent. */
export interface AgentOptions {
  /** The agent's name in the fleet: 1 to 32 letters, digits, `_` or `-`. The server's permissions are bound to it. */
  readonly name: string;
  /** Creates bucket and stream if they are missing, which needs an administrator's permissions. Default false. */
  readonly setUp?: boolean | undefined;
  /** Times and pauses go through it. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** A clock in ms that is never set back, for deadlines and leases. Default: the platform's monotonic clock. */
  readonly clock?: (() => number) | undefined;
  /** Gives names that cannot be guessed, of 22 letters and digits. Default: the platform's cryptographic source. */
  readonly newId?: (() => string) | undefined;
  /** Events that are kept while the server is away; the oldest are discarded. Default 1000. */
  readonly spool?: number | undefined;
  /** Memory of the byte streams. */
  readonly streams?: StreamOptions | undefined;
}

/** How one modem of an agent is doing. */
export interface AgentModemStatus extends ModemReport {
  /** Its name within the agent. */
  readonly name: string;
}

/** How an agent is doing. */
export interface AgentStatus {
  /** The name of this process, which is part of its subjects. */
  readonly instance: string;
  /** Whether the server can be reached. */
  readonly connected: boolean;
  /** The modems with what is reported of them. */
  readonly modems: readonly AgentModemStatus[];
  /** Events that were discarded. */
  readonly dropped: number;
}

/** What the core needs of its surroundings. */
export type AgentSetting = AgentOptions & {
  readonly clock: () => number;
  readonly newId: () => string;
  /** Date and time in ISO 8601, for people. */
  readonly date: () => string;
};

const BEAT = 2_000;
const REFRESH = 30_000;
/** The shortest time between two states of one modem. */
const STATE_PAUSE = 1_000;

/** Runs an agent over an engine; see `agent` for connections. */
export function runAgent(
  engine: Engine,
  modems: readonly AgentModem[] | Observable<readonly AgentModem[]>,
  options: AgentSetting,
): Observable<AgentStatus> {
  const { name, clock, newId, date, scheduler = asyncScheduler } = options;
  const run = new Observable<AgentStatus>((subscriber) => {
    const instance = newId();
    const hosts = new Map<string, ModemHost>();
    const offered = new Map<string, { readonly modem: AgentModem; readonly running: Subscription }>();
    const spool = new Spool(options.spool);
    const changed = new Subject<void>();
    const spooled = new Subject<void>();
    const running = new Subscription();
    let connected = true;
    let serial = 0;
    let events = 0;

    const record = (modem: string, kind: string, data: unknown) => {
      events += 1;
      const id = `${instance}.${events}`;
      const at = date();
      spool.add({
        subject: eventOf(name, kind),
        id,
        data: jsonBytes({ protocol: PROTOCOL_VERSION, id, modem, kind, at, data }),
      });
      spooled.next();
    };
    const beat = () =>
      engine.publish(
        beatOf(name),
        jsonBytes({
          protocol: PROTOCOL_VERSION,
          instance,
          clock: Math.floor(clock()),
          modems: hosts.size,
          dropped: spool.dropped,
        }),
      );
    const streams = new AgentStreams(engine, scheduler, clock, newId, options.streams);
    const leases = new LeaseDesk(engine, name, clock, newId, scheduler, {
      changed: (modem) => refresh.next(modem),
      ended: (modem) => streams.leaseEnded(modem),
      record: (modem, data) => record(modem, 'lease', data),
    });
    const desk = new RequestDesk(engine, { agent: name, instance }, clock, hosts, streams, leases);
    const refresh = new Subject<string>();

    const store = (host: ModemHost, report: ModemReport) => {
      serial += 1;
      const state = {
        protocol: PROTOCOL_VERSION,
        instance,
        serial,
        ...report,
        lease: leases.mirrorOf(host.name),
        at: date(),
      };
      // What is not stored now is stored with the next refresh.
      return engine.put(keyOf(name, host.name, 'state'), jsonBytes(state)).pipe(
        ignoreElements(),
        catchError(() => EMPTY),
      );
    };
    const reconnected$ = engine.connected$.pipe(
      skip(1),
      filter((is) => is),
    );
    const start = (modem: AgentModem) => {
      const host = new ModemHost(modem, scheduler);
      const own = new Subscription();
      offered.set(modem.name, { modem, running: own });
      hosts.set(modem.name, host);
      const due$ = merge(
        host.report$,
        timer(REFRESH, REFRESH, scheduler),
        reconnected$,
        refresh.pipe(filter((name) => name === host.name)),
      ).pipe(throttleTime(STATE_PAUSE, scheduler, { leading: true, trailing: true }));
      own.add(due$.pipe(exhaustMapLatest(() => store(host, host.report))).subscribe());
      own.add(host.report$.subscribe(() => changed.next()));
      own.add(host.happening$.subscribe(({ kind, data }) => record(host.name, kind, data)));
      own.add(leases.forget(host.name).subscribe());
      own.add(host.start());
      running.add(own);
    };
    const stop = (modem: string) => {
      const host = hosts.get(modem);
      offered.get(modem)?.running.unsubscribe();
      offered.delete(modem);
      hosts.delete(modem);
      if (host !== undefined) store(host, { ...host.report, state: 'stopped', links: [] }).subscribe();
      changed.next();
    };
    const modems$ = isObservable(modems) ? modems : of(modems);
    running.add(
      modems$.subscribe({
        next: (wanted) => {
          try {
            assertModems(wanted);
          } catch (error) {
            subscriber.error(error);
            return;
          }
          for (const [modem, { modem: is }] of [...offered]) if (!wanted.includes(is)) stop(modem);
          for (const modem of wanted) if (!offered.has(modem.name)) start(modem);
        },
        error: (error: unknown) => subscriber.error(error),
      }),
    );
    running.add(
      engine.connected$.subscribe({
        next: (is) => {
          connected = is;
          changed.next();
        },
        complete: () =>
          subscriber.error(
            new FleetError('CLOSED', 'The connection of the agent to the NATS server was closed.'),
          ),
      }),
    );
    const drain$ = defer(() => {
      const { first } = spool;
      if (first === undefined || !connected) return EMPTY;
      return concat(
        engine.append(first.subject, first.data, first.id),
        defer(() => {
          spool.remove(first);
          spooled.next();
          return EMPTY;
        }),
      );
    }).pipe(catchError(() => EMPTY));
    running.add(
      merge(spooled, reconnected$, timer(REFRESH, REFRESH, scheduler))
        .pipe(exhaustMapLatest(() => drain$))
        .subscribe(),
    );
    running.add(
      engine.messages$(framesOf(name, instance)).subscribe({
        next: (message) => {
          if (isFromStore(message)) return;
          const { subject, data } = message;
          const { modem, last } = partsOf(subject);
          streams.receive({ agent: name, instance, modem }, last, data);
        },
        error: (error: unknown) => subscriber.error(error),
      }),
    );
    running.add(desk.serve().subscribe({ error: (error: unknown) => subscriber.error(error) }));
    running.add(
      merge(timer(0, BEAT, scheduler), engine.messages$(ROLL_CALL), reconnected$).subscribe({
        next: beat,
        error: (error: unknown) => subscriber.error(error),
      }),
    );
    running.add(leases.run());
    running.add(
      changed.subscribe(() =>
        subscriber.next({
          instance,
          connected,
          dropped: spool.dropped,
          modems: [...hosts.values()].map((host) => ({ ...host.report, name: host.name })),
        }),
      ),
    );
    changed.next();
    return () => {
      streams.close();
      running.unsubscribe();
      for (const modem of [...offered.keys()]) stop(modem);
    };
  });
  return defer(() => {
    assertName('agent', name);
    return concat(options.setUp === true ? engine.setUp() : EMPTY, run);
  });
}

function assertModems(modems: readonly AgentModem[]): void {
  for (const { name } of modems) assertName('modem', name);
  if (new Set(modems.map(({ name }) => name)).size < modems.length) {
    throw new FleetError('INVALID_ARGUMENT', 'Two modems of the agent have the same name.');
  }
}

/** As `exhaustMap`, and once more after what came meanwhile. */
function exhaustMapLatest<T>(project: () => Observable<T>) {
  return (source: Observable<unknown>): Observable<T> =>
    new Observable((subscriber) => {
      let isRunning = false;
      let isDue = false;
      const next = () => {
        isDue = true;
        if (isRunning) return;
        while (isDue && !subscriber.closed) {
          isDue = false;
          isRunning = true;
          let isDone = false;
          const finished = () => {
            isRunning = false;
            isDone = true;
            if (isDue && isLate) next();
          };
          let isLate = false;
          subscriber.add(
            project().subscribe({ next: (value) => subscriber.next(value), complete: finished }),
          );
          isLate = true;
          if (!isDone) return;
        }
      };
      subscriber.add(source.subscribe({ next, complete: () => subscriber.complete() }));
    });
}
