import type { Beat } from '../protocol/schemas.js';

/**
 * Whether an agent is there: `unknown` while this program's own connection to the server is away or does not answer, and
 * for a moment after that, until the agent could answer.
 */
export type Presence = 'present' | 'gone' | 'unknown';

/** What is known of a process of an agent. */
export interface SeenProcess {
  readonly instance: string;
  /** Events that it had to discard. */
  readonly dropped: number;
  /** The agent's clock in the last beat, and this program's clock when it came. */
  readonly clock: number;
  readonly cameAt: number;
  /** This program's clock when the agent was there last: a beat may have waited on its way. */
  readonly at: number;
  /** The agent's clock minus this program's: at the least. */
  readonly offset: number;
}

/** The processes of one agent. */
interface SeenAgent {
  readonly current: SeenProcess;
  /** Those before, the latest first. */
  readonly former: readonly SeenProcess[];
}

/** Two processes that call themselves the same agent. */
interface Rivals {
  readonly instances: readonly [string, string];
  /** This program's clock when that was seen last. */
  readonly at: number;
}

/** Time in ms without a beat after which an agent is gone: three beats. */
export const GONE = 6_000;
/**
 * Time in ms before an agent counts as gone in which the server is asked for a sign of life: without one it is this
 * program that hears nothing, or that was stopped and has not read what came meanwhile.
 */
const PROOF = 750;
/** Time in ms in which an agent that is there is heard after a reconnect, at the longest: it answers the roll call. */
const ANSWERS = 1_500;
/** Time in ms by which two clocks may differ in what passed between two beats, for a beat that came as it was sent. */
const LATE = 1_000;
/** Processes that are remembered of an agent that restarts again and again. */
const FORMER = 8;

/**
 * When the process was there: a beat counts from its arrival only if as much time has passed here as there since the one
 * before. Several that come at once, or one that comes late, have waited on the way; they count from when they were sent.
 * A machine that was suspended, so that its clock stood still, is known by its next beat.
 */
function dated(before: SeenProcess, clock: number, now: number): Pick<SeenProcess, 'at' | 'offset'> {
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

/** Judges by their beats which agents are there, on this program's own clock. */
export class Presences {
  private readonly clock: () => number;
  private readonly agents = new Map<string, SeenAgent>();
  private readonly rivals = new Map<string, Rivals>();
  private isConnected = true;
  /** This program's clock since when it can hear the agents. */
  private hearsSince: number;
  /** This program's clock when it asked the server for the last sign of life that came. */
  private provenAt = Number.NEGATIVE_INFINITY;

  constructor(clock: () => number) {
    this.clock = clock;
    this.hearsSince = clock();
  }

  /** Whether this program's connection to the server is there. */
  get connected(): boolean {
    return this.isConnected;
  }

  set connected(is: boolean) {
    this.isConnected = is;
    this.hearsSince = this.clock();
  }

  /** The agents that were heard. */
  get names(): Iterable<string> {
    return this.agents.keys();
  }

  /** The process of an agent that was heard last. */
  processOf(agent: string): SeenProcess | undefined {
    return this.agents.get(agent)?.current;
  }

  /** Whether another process of that agent was heard after this one. */
  isFormer(agent: string, instance: string): boolean {
    return this.agents.get(agent)?.former.some((each) => each.instance === instance) === true;
  }

  /** Two processes that are both there under the name of an agent. */
  rivalsOf(agent: string): readonly [string, string] | undefined {
    const rivals = this.rivals.get(agent);
    return rivals !== undefined && this.clock() - rivals.at < GONE ? rivals.instances : undefined;
  }

  /** An agent has beaten. Returns whether that changes who is there. */
  beat(agent: string, { instance, clock, dropped }: Beat): boolean {
    const now = this.clock();
    const known = this.agents.get(agent);
    const all = known === undefined ? [] : [known.current, ...known.former];
    const before = all.find((each) => each.instance === instance);
    const times = before === undefined ? { at: now, offset: clock - now } : dated(before, clock, now);
    const seen: SeenProcess = { instance, dropped, clock, cameAt: now, ...times };
    const others = all.filter((each) => each !== before);
    if (known === undefined || before === undefined || before === known.current) {
      this.agents.set(agent, { current: seen, former: others.slice(0, FORMER) });
      return before === undefined || now - before.at >= GONE;
    }
    // It was replaced. What it sent before that may have waited on the way; else it is still there.
    const isThere = now - seen.at < LATE;
    if (isThere) this.rivals.set(agent, { instances: [known.current.instance, instance], at: now });
    const [current, ...rest] = isThere ? [seen, ...others] : [known.current, seen, ...others.slice(1)];
    this.agents.set(agent, { current: current as SeenProcess, former: rest });
    return isThere;
  }

  /** Whether a sign of life of the server is missing for some agent to be gone. */
  get needsProof(): boolean {
    const now = this.clock();
    const isMissing = (due: number) => this.provenAt < due && due <= now;
    if (!this.isConnected) return false;
    for (const { current } of this.agents.values()) if (isMissing(this.proofDue(current))) return true;
    return isMissing(this.proofDue(undefined));
  }

  /** The server has answered what it was asked at that time of this program's clock. */
  prove(askedAt: number): void {
    this.provenAt = Math.max(this.provenAt, askedAt);
  }

  /** Whether an agent is there now. */
  of(agent: string): Presence {
    if (!this.isConnected) return 'unknown';
    const now = this.clock();
    const seen = this.processOf(agent);
    if (seen !== undefined && now - seen.at < GONE) return 'present';
    const couldAnswer = now - this.hearsSince >= ANSWERS;
    return couldAnswer && this.provenAt >= this.proofDue(seen) ? 'gone' : 'unknown';
  }

  /** The earliest time at which the server has to be asked. */
  private proofDue(seen: SeenProcess | undefined): number {
    return Math.max((seen?.at ?? Number.NEGATIVE_INFINITY) + GONE, this.hearsSince + ANSWERS) - PROOF;
  }
}
