import {
  BehaviorSubject,
  catchError,
  EMPTY,
  filter,
  map,
  type Observable,
  type SchedulerLike,
  Subject,
  Subscription,
  switchMap,
  timer,
} from 'rxjs';
import { FleetError, isFleetError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
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

/** Whether an agent is there: `unknown` while this program's own connection to the server is away. */
export type Presence = 'present' | 'gone' | 'unknown';

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

/** What is known of a process of an agent. */
interface Seen {
  readonly instance: string;
  readonly dropped: number;
  /** The agent's clock in the last beat, and this program's clock when it came. */
  readonly clock: number;
  readonly cameAt: number;
  /** This program's clock when the agent was there last: a beat may have waited in a server that was stopped. */
  readonly at: number;
  /** The agent's clock minus this program's: at the least. */
  readonly offset: number;
  /** The process that was seen before this one. */
  readonly former: string | undefined;
}

/** Two processes that call themselves the same agent. */
interface Rivals {
  readonly instances: readonly [string, string];
  /** This program's clock when that was seen last. */
  readonly at: number;
}

const GONE = 6_000;
const CHECK = 250;
/** Time in ms in which changes are gathered. */
const GATHER = 100;
const PREFIX = `$KV.${BUCKET}.`;

/** Time in ms by which two clocks may differ in what passed between two beats, for a beat that came as it was sent. */
const LATE = 1_000;

/**
 * When the agent was there: a beat counts from its arrival only if as much time has passed here as there since the one
 * before. Several that come at once, or one that comes late, have waited on the way; they count from when they were sent.
 * A machine that was suspended, so that its clock stood still, is known by its next beat.
 */
function dated(before: Seen, clock: number, now: number): Pick<Seen, 'at' | 'offset'> {
  const passed = now - before.cameAt;
  const difference = clock - now;
  const isPrompt = passed >= LATE && Math.abs(passed - (clock - before.clock)) < LATE;
  if (!isPrompt) {
    const at = Math.min(now, before.at + clock - before.clock);
    return { at, offset: Math.max(difference, before.offset) };
  }
  const stoodStill = before.offset - difference >= LATE;
  return { at: now, offset: stoodStill ? difference : Math.max(difference, before.offset) };
}

/** Who is there, and what is known of their modems. */
export class Directory {
  private readonly engine: Engine;
  private readonly scheduler: SchedulerLike;
  private readonly clock: () => number;
  private readonly agents = new Map<string, Seen>();
  private readonly rivals = new Map<string, Rivals>();
  /** Which state of which process each entry is. */
  private readonly versions = new Map<string, Pick<StoredState, 'instance' | 'serial'>>();
  private readonly entries = new Map<string, FleetEntry>();
  private readonly emissions = new BehaviorSubject<ReadonlyMap<string, FleetEntry>>(this.entries);
  private readonly changes = new Subject<void>();
  private readonly presences = new Map<string, Presence>();
  private readonly refused = new Map<string, number>();
  private connected = true;

  constructor(engine: Engine, scheduler: SchedulerLike, clock: () => number) {
    this.engine = engine;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** The modems by id. Replays; emits one and the same map with each change: a thousand modems change all the time. */
  get entries$(): Observable<ReadonlyMap<string, FleetEntry>> {
    return this.emissions.asObservable();
  }

  /** The agents. Replays; emits with each change of their modems, too. */
  get agents$(): Observable<readonly FleetAgent[]> {
    return this.emissions.pipe(
      map(() =>
        [...this.agents].map(([name, { instance, dropped }]) => ({
          name,
          instance,
          dropped,
          presence: this.presenceOf(name),
        })),
      ),
    );
  }

  /** What is known of the modems now. */
  get now(): ReadonlyMap<string, FleetEntry> {
    return this.entries;
  }

  /** Messages of agents that broke the protocol, by agent. */
  get refusals(): ReadonlyMap<string, number> {
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
        // Nothing is stored twice in one place: a later message is a later state.
        next: ({ subject, data }) => this.stored(subject.slice(PREFIX.length), data, false),
        error: onError,
      }),
    );
    running.add(
      this.engine.connected$
        .pipe(
          switchMap((connected) => {
            this.connected = connected;
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
        .subscribe(({ key, data }) => this.stored(key, data, true)),
    );
    running.add(timer(CHECK, CHECK, this.scheduler).subscribe(() => this.look()));
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
    if (!this.connected) throw new FleetError('ENGINE_AWAY', 'The connection to the NATS server is away.');
    const rivals = this.rivals.get(agent);
    if (rivals !== undefined && this.clock() - rivals.at < GONE) {
      throw new FleetError(
        'MODEM_AMBIGUOUS',
        `Two processes are the agent ${agent} (${rivals.instances.join(' and ')}). Stop one, or give it another name.`,
      );
    }
    const seen = this.agents.get(agent);
    if (seen === undefined || this.presenceOf(agent) === 'gone') {
      throw new FleetError('AGENT_GONE', `The agent ${agent} has not been heard for ${GONE} ms.`);
    }
    return { agent, instance: seen.instance, modem: name };
  }

  /** A time on an agent's clock that is so many ms ahead, never later than that. */
  deadline({ agent, instance }: ModemAddress, ms: number): number {
    const seen = this.agents.get(agent);
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
    const { instance, clock, dropped } = checked(beatSchema, parseJson(data), 'A beat');
    const now = this.clock();
    const before = this.agents.get(agent);
    const isSame = before?.instance === instance;
    const { at, offset } = isSame ? dated(before, clock, now) : { at: now, offset: clock - now };
    const wasPresent = before !== undefined && now - before.at < GONE;
    const former = isSame ? before.former : before?.instance;
    this.agents.set(agent, { instance, dropped, clock, cameAt: now, at, offset, former });
    // A process that was replaced is still there.
    if (before !== undefined && !isSame && before.former === instance)
      this.rivals.set(agent, { instances: [before.instance, instance], at: now });
    if (isSame && wasPresent) return;
    this.note(agent);
    this.look();
    this.changes.next();
  }

  private stored(key: string, data: Uint8Array, isRead: boolean): void {
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
        // What was read may be older than what came meanwhile.
        if (isRead && known?.instance === instance && known.serial > serial) return;
        const { agent, modem: name } = parts;
        this.versions.set(id, { instance, serial });
        this.entries.set(id, { ...(report as ModemReport), id, agent, name, presence: this.note(agent) });
      }
      this.changes.next();
    });
  }

  /** The presence that the entries of an agent have. */
  private note(agent: string): Presence {
    const known = this.presences.get(agent);
    if (known !== undefined) return known;
    const presence = this.presenceOf(agent);
    this.presences.set(agent, presence);
    return presence;
  }

  /** Makes the entries of agents again that have come or gone. */
  private look(): void {
    const changed = new Map<string, Presence>();
    for (const [agent, before] of this.presences) {
      const presence = this.presenceOf(agent);
      if (presence !== before) changed.set(agent, presence);
    }
    if (changed.size === 0) return;
    for (const [agent, presence] of changed) this.presences.set(agent, presence);
    for (const [id, entry] of this.entries) {
      const presence = changed.get(entry.agent);
      if (presence !== undefined) this.entries.set(id, { ...entry, presence });
    }
    this.changes.next();
  }

  private presenceOf(agent: string): Presence {
    if (!this.connected) return 'unknown';
    const seen = this.agents.get(agent);
    return seen !== undefined && this.clock() - seen.at < GONE ? 'present' : 'gone';
  }
}
