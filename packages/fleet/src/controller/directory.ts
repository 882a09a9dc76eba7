import {
  BehaviorSubject,
  catchError,
  concat,
  defer,
  EMPTY,
  exhaustMap,
  filter,
  map,
  type Observable,
  type SchedulerLike,
  Subject,
  Subscription,
  switchMap,
  tap,
  timer,
} from 'rxjs';
import { FleetError, isFleetError } from '../base/errors.js';
import type { Engine, StoredValue } from '../engine/engine.js';
import type { ModemReport } from '../protocol/modem-report.js';
import { isFleetName } from '../protocol/names.js';
import { parseJson } from '../protocol/record.js';
import { beatSchema, checked, type StoredState, stateSchema } from '../protocol/schemas.js';
import {
  agentOf,
  BEATS,
  BUCKET,
  type ModemAddress,
  partsOfKey,
  ROLL_CALL,
  STORED,
} from '../protocol/subjects.js';
import { GONE, type Presence, Presences } from './presence.js';

/** A modem of the fleet. */
export interface FleetEntry extends ModemReport {
  /** `<agent>/<name>`: names the modem whatever module is in its place. */
  readonly id: string;
  /** The agent that offers it. Only that agent can write this entry; everything else in it is the agent's claim. */
  readonly agent: string;
  /** The modem's name within the agent. */
  readonly name: string;
  /** Whether its agent is there. The state of a modem is as old as the last time at which it was. */
  readonly presence: Presence;
  /** The lease of the moment; undefined when there is none. */
  readonly lease?: { readonly epoch: number; readonly holder: string } | undefined;
  /** The wall clock of the agent when it wrote this, ISO 8601. */
  readonly at?: string | undefined;
}

/** An agent of the fleet. */
export interface FleetAgent {
  /** Its name. */
  readonly name: string;
  /** Whether it is there. */
  readonly presence: Presence;
  /** The process that was seen last. */
  readonly instance: string;
  /** Events that it had to discard. */
  readonly dropped: number;
}

const CHECK = 250;
/** Time in ms in which changes are gathered. */
const GATHER = 100;
const PREFIX = `$KV.${BUCKET}.`;

/** Who is there, and what is known of their modems. */
export class Directory {
  private readonly engine: Engine;
  private readonly scheduler: SchedulerLike;
  private readonly clock: () => number;
  /** Which state of which process each entry is. */
  private readonly versions = new Map<string, Pick<StoredState, 'instance' | 'serial'>>();
  private readonly entries = new Map<string, FleetEntry>();
  private readonly unread: Pick<StoredValue, 'key' | 'data'>[] = [];
  private readonly emissions = new BehaviorSubject<ReadonlyMap<string, FleetEntry>>(this.entries);
  private readonly changes = new Subject<void>();
  private readonly presences: Presences;
  /** The presence that the entries of each agent have. */
  private readonly shown = new Map<string, Presence>();
  private readonly refused = new Map<string, number>();

  constructor(engine: Engine, scheduler: SchedulerLike, clock: () => number) {
    this.engine = engine;
    this.scheduler = scheduler;
    this.clock = clock;
    this.presences = new Presences(clock);
  }

  /** The modems by id. Replays; emits one and the same map with each change: a thousand modems change all the time. */
  get entries$(): Observable<ReadonlyMap<string, FleetEntry>> {
    return this.emissions.asObservable();
  }

  /** The agents. Replays; emits with each change of their modems, too. */
  get agents$(): Observable<readonly FleetAgent[]> {
    return this.emissions.pipe(
      map(() =>
        [...this.presences.names].map((name) => {
          const { instance = '', dropped = 0 } = this.presences.processOf(name) ?? {};
          return { name, instance, dropped, presence: this.presences.of(name) };
        }),
      ),
    );
  }

  /** What is known of the modems now. */
  get now(): ReadonlyMap<string, FleetEntry> {
    this.read();
    return this.entries;
  }

  /** Messages of agents that broke the protocol, by agent. */
  get refusals(): ReadonlyMap<string, number> {
    this.read();
    return this.refused;
  }

  /** Watches until it is unsubscribed. `onError` gets what no reconnect can mend. */
  run(onError: (error: unknown) => void): Subscription {
    const running = new Subscription();
    running.add(
      this.engine.messages$(BEATS).subscribe({
        next: ({ subject, data }) => this.reading(agentOf(subject), () => this.beat(agentOf(subject), data)),
        error: onError,
      }),
    );
    running.add(
      this.engine.messages$(STORED).subscribe({
        next: ({ subject, data }) => this.keep(subject.slice(PREFIX.length), data),
        error: onError,
      }),
    );
    running.add(
      this.engine.connected$
        .pipe(
          switchMap((connected) => {
            this.presences.connected = connected;
            this.look();
            this.changes.next();
            if (!connected) return EMPTY;
            this.engine.publish(ROLL_CALL, new Uint8Array(0));
            return this.engine.stored().pipe(
              catchError((error) => {
                // Away again: the next reconnect reads them.
                if (!isFleetError(error, 'ENGINE_AWAY') && !isFleetError(error, 'OUTCOME_UNKNOWN'))
                  onError(error);
                return EMPTY;
              }),
            );
          }),
        )
        .subscribe(({ key, data }) => this.keep(key, data)),
    );
    const checks$ = timer(CHECK, CHECK, this.scheduler).pipe(
      tap(() => this.look()),
      exhaustMap(() => (this.presences.needsProof ? this.proof() : EMPTY)),
    );
    running.add(checks$.subscribe());
    let isDue = false;
    running.add(
      this.changes
        .pipe(
          filter(() => !isDue),
          map(() => {
            isDue = true;
          }),
          // Not `auditTime`: it would begin a timer for each change.
          switchMap(() => timer(GATHER, this.scheduler)),
        )
        .subscribe(() => {
          isDue = false;
          this.read();
          this.emissions.next(this.entries);
        }),
    );
    return running;
  }

  /** Finds a modem by `<agent>/<name>`, or by IMEI or name if only one present agent has it. */
  find(wanted: string): FleetEntry {
    const exact = this.now.get(wanted);
    if (exact !== undefined) return exact;
    const all = [...this.now.values()].filter(({ imei, name }) => imei === wanted || name === wanted);
    const present = all.filter(({ presence }) => presence !== 'gone');
    const found = present.length > 0 ? present : all;
    const [first] = found;
    if (first === undefined) {
      throw new FleetError('MODEM_UNKNOWN', `No agent offers a modem ${wanted}. ${this.known()}`);
    }
    if (found.length > 1) {
      throw new FleetError(
        'MODEM_AMBIGUOUS',
        `${found.map(({ id }) => id).join(' and ')} claim to be ${wanted}. Name the agent, too.`,
      );
    }
    return first;
  }

  /** Where a modem's agent is now; throws `AGENT_GONE`, `MODEM_AMBIGUOUS` or `ENGINE_AWAY`. */
  address({ agent, name }: FleetEntry): ModemAddress {
    if (!this.presences.connected)
      throw new FleetError('ENGINE_AWAY', 'The connection to the NATS server is away.');
    const rivals = this.presences.rivalsOf(agent);
    if (rivals !== undefined) {
      throw new FleetError(
        'MODEM_AMBIGUOUS',
        `Two processes are the agent ${agent} (${rivals.join(' and ')}). Stop one, or give it another name.`,
      );
    }
    const seen = this.presences.processOf(agent);
    if (seen === undefined || this.presences.of(agent) === 'gone') {
      throw new FleetError('AGENT_GONE', `The agent ${agent} has not been heard for ${GONE} ms.`);
    }
    return { agent, instance: seen.instance, modem: name };
  }

  /** A time on an agent's clock that is so many ms ahead, never later than that. */
  deadline({ agent, instance }: ModemAddress, ms: number): number {
    const seen = this.presences.processOf(agent);
    if (seen === undefined || seen.instance !== instance) {
      throw new FleetError('AGENT_GONE', `The agent ${agent} has restarted.`);
    }
    return Math.floor(this.clock() + seen.offset + ms);
  }

  private known(): string {
    return this.now.size === 0 ? 'No modem is known.' : `${this.now.size} others are known.`;
  }

  /** What breaks the protocol is counted and changes nothing. */
  private reading(agent: string, read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!isFleetError(error, 'PROTOCOL')) throw error;
      this.refused.set(agent, (this.refused.get(agent) ?? 0) + 1);
    }
  }

  private beat(agent: string, data: Uint8Array): void {
    if (!isFleetName(agent)) return;
    if (!this.presences.beat(agent, checked(beatSchema, parseJson(data), 'A beat'))) return;
    this.note(agent);
    this.look();
    this.changes.next();
  }

  /** Keeps a state until the next emission: reading many at a time costs half as much as each when it comes. */
  private keep(key: string, data: Uint8Array): void {
    this.unread.push({ key, data });
    this.changes.next();
  }

  private read(): void {
    if (this.unread.length === 0) return;
    for (const { key, data } of this.unread.splice(0)) this.stored(key, data);
  }

  private stored(key: string, data: Uint8Array): void {
    const parts = partsOfKey(key);
    if (parts?.what !== 'state' || !isFleetName(parts.agent) || !isFleetName(parts.modem)) return;
    const id = `${parts.agent}/${parts.modem}`;
    this.reading(parts.agent, () => {
      // A deleted key.
      if (data.length === 0) {
        this.versions.delete(id);
        this.entries.delete(id);
      } else {
        const { protocol: _, instance, serial, ...report } = checked(stateSchema, parseJson(data), 'A state');
        const known = this.versions.get(id);
        const { agent, modem: name } = parts;
        // What was read may be older than what came meanwhile, and what came may have waited on its way.
        const isOlder =
          known?.instance === instance
            ? known.serial > serial
            : known !== undefined && this.presences.isFormer(agent, instance);
        if (isOlder) return;
        this.versions.set(id, { instance, serial });
        this.entries.set(id, { ...(report as ModemReport), id, agent, name, presence: this.note(agent) });
      }
    });
  }

  /** The presence that the entries of an agent have. */
  private note(agent: string): Presence {
    const known = this.shown.get(agent);
    if (known !== undefined) return known;
    const presence = this.presences.of(agent);
    this.shown.set(agent, presence);
    return presence;
  }

  /** Asks the server for a sign of life. */
  private proof(): Observable<never> {
    const askedAt = this.clock();
    const proven$ = defer(() => {
      this.presences.prove(askedAt);
      this.look();
      return EMPTY;
    });
    // Where it is away again, there is nothing to prove.
    return concat(this.engine.reach(), proven$).pipe(catchError(() => EMPTY));
  }

  /** Makes the entries of agents again that have come or gone. */
  private look(): void {
    const changed = new Map<string, Presence>();
    for (const [agent, before] of this.shown) {
      const presence = this.presences.of(agent);
      if (presence !== before) changed.set(agent, presence);
    }
    if (changed.size === 0) return;
    for (const [agent, presence] of changed) this.shown.set(agent, presence);
    for (const [id, entry] of this.entries) {
      const presence = changed.get(entry.agent);
      if (presence !== undefined) this.entries.set(id, { ...entry, presence });
    }
    this.changes.next();
  }
}
