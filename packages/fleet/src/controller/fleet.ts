/**
 * What drives modems from anywhere: who is there, operations on one of them, and on any.
 *
 * @module
 */

import { a7600, type Dialect } from '@a7600/at-codec';
import {
  asyncScheduler,
  catchError,
  defer,
  EMPTY,
  map,
  mergeMap,
  Observable,
  type SchedulerLike,
  Subscription,
  throwError,
} from 'rxjs';
import { FleetError, isFleetError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import { parseJson } from '../protocol/record.js';
import { checked, eventSchema } from '../protocol/schemas.js';
import { agentOf, EVENT_SUBJECTS } from '../protocol/subjects.js';
import type { StreamOptions } from '../stream/stream-table.js';
import { type AnyModem, anyModem, type Where } from './any.js';
import { Directory, type FleetAgent, type FleetEntry } from './directory.js';
import { type FleetModem, fleetModem } from './fleet-modem.js';
import { RemoteStreams } from './remote-streams.js';
import { Requester } from './requester.js';

/** Settings of a fleet. */
export interface FleetOptions {
  /** Times and pauses go through it. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** A clock in ms that is never set back. Default: the platform's monotonic clock. */
  readonly clock?: (() => number) | undefined;
  /** Gives names that cannot be guessed, of 22 letters and digits. Default: the platform's cryptographic source. */
  readonly newId?: (() => string) | undefined;
  /** How the modules write. Default `a7600`. */
  readonly dialect?: Dialect | undefined;
  /**
   * Time in ms for a command to reach the module, its turn in the agent's queue included; the module's own time comes
   * after it. The agent does not send it later. Default 30000.
   */
  readonly turnTimeout?: number | undefined;
  /** Memory of the byte streams. */
  readonly streams?: StreamOptions | undefined;
}

/** Something that happened in the fleet. Delivered at least once: `id` recognises doubles. */
export interface FleetEvent {
  /** The same for each delivery of one event. */
  readonly id: string;
  /** The agent that reports it. */
  readonly agent: string;
  /** The modem that it is about; undefined for the agent itself. */
  readonly modem: string | undefined;
  /** `state`, `recovery`, `inbound`, `lease`, `bundle`; a higher minor version may send others. */
  readonly kind: string;
  /** The agent's wall clock, ISO 8601. */
  readonly at: string | undefined;
  /** What the kind has. */
  readonly data: unknown;
}

/** The modems of all agents. */
export interface Fleet {
  /** The modems, by agent and name. Replays; emits changes. Errors with what no reconnect can mend. */
  readonly modems$: Observable<readonly FleetEntry[]>;
  /** The agents. Replays; emits changes. */
  readonly agents$: Observable<readonly FleetAgent[]>;
  /** Events from now on. Hot, no replay. */
  readonly events$: Observable<FleetEvent>;
  /** Messages that broke the protocol and were ignored, by agent. */
  readonly refusals: ReadonlyMap<string, number>;
  /**
   * Reads the stored events.
   *
   * @param from - The first sequence number. Default 1.
   * @returns A cold observable that completes at the newest.
   */
  history(from?: number): Observable<FleetEvent>;
  /**
   * Returns one modem, found for each operation.
   *
   * @param wanted - Its IMEI, its name, or `<agent>/<name>`.
   * @returns The modem, whether it is there or not.
   */
  modem(wanted: string): FleetModem;
  /**
   * Returns what takes any modem that fits: each operation takes the one with the fewest links in use, and another one
   * when the modem or its agent fails before the connection is open.
   *
   * @param options - Which modems fit.
   * @returns What `modemConnect` takes.
   */
  any(options?: { readonly where?: Where | undefined }): AnyModem;
}

/** What the core needs of its surroundings. */
export type FleetSetting = FleetOptions & { readonly clock: () => number; readonly newId: () => string };

/** Opens a fleet over an engine; see `fleet` for connections. */
export function openFleet(engine: Engine, options: FleetSetting): Observable<Fleet> {
  const { scheduler = asyncScheduler, clock, newId, dialect = a7600, turnTimeout = 30_000 } = options;
  return new Observable((subscriber) => {
    const directory = new Directory(engine, scheduler, clock);
    const requester = new Requester(engine, directory, scheduler, newId);
    const streams = new RemoteStreams(engine, directory, requester, scheduler, clock, newId, options.streams);
    const parts = { directory, requester, streams, dialect, turnTimeout, clock, scheduler };
    const running = new Subscription(() => streams.close());
    const fail = (error: unknown) => subscriber.error(error);
    running.add(directory.run(fail));
    running.add(
      engine.connected$.subscribe({
        complete: () => fail(new FleetError('CLOSED', 'The connection to the NATS server was closed.')),
      }),
    );
    const read = (agent: string, data: Uint8Array) =>
      defer(() => {
        const { id, modem, kind, at, data: what } = checked(eventSchema, parseJson(data), 'An event');
        return [{ id, agent, modem, kind, at, data: what }];
      }).pipe(catchError((error) => (isFleetError(error, 'PROTOCOL') ? EMPTY : throwError(() => error))));
    subscriber.next({
      modems$: directory.entries$.pipe(map((entries) => [...entries.values()])),
      agents$: directory.agents$,
      events$: engine
        .messages$(EVENT_SUBJECTS)
        .pipe(mergeMap(({ subject, data }) => read(agentOf(subject), data))),
      refusals: directory.refusals,
      history: (from = 1) =>
        engine.history(from).pipe(mergeMap(({ subject, data }) => read(agentOf(subject), data))),
      modem: (wanted) => fleetModem(parts, () => directory.find(wanted)),
      any: ({ where = {} } = {}) => anyModem(parts, where),
    });
    return running;
  });
}
