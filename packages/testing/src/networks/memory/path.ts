import type { SchedulerLike } from 'rxjs';
import { type Random, type Range, within } from '../../random.js';
import type { HostConditions, Pipe } from './conditions.js';

/** What a {@link Path} knows of the host at either end. */
export interface PathEnd {
  readonly conditions: HostConditions;
  /** False while the host has vanished: nothing reaches it, nothing leaves it. */
  readonly present: boolean;
  readonly up: Pipe;
  readonly down: Pipe;
}

/** What the ways of an internet have in common. */
export interface LinkConditions {
  readonly scheduler: SchedulerLike;
  readonly chance: Random;
  readonly latency: Range;
}

/** By how many ms a datagram that is overtaken comes later. */
const OVERTAKEN: Range = [1, 50];

/** The path of one connection or datagram from one host to another. */
export class Path {
  private readonly conditions: LinkConditions;
  private readonly from: PathEnd;
  private readonly to: PathEnd;
  /** When the latest thing transmitted in order arrives, and how many are still under way. */
  private latest = 0;
  private travelling = 0;
  /** What has come to an end that is not there, and waits to be sent again. */
  private stuck: (() => void)[] = [];

  constructor(conditions: LinkConditions, from: PathEnd, to: PathEnd) {
    this.conditions = conditions;
    this.from = from;
    this.to = to;
  }

  /** Both ends are there. */
  get open(): boolean {
    return this.from.present && this.to.present;
  }

  /**
   * Transmits `size` bytes after everything that was transmitted before. Where an end
   * has vanished it waits for {@link retry}, and `onStuck` is called.
   */
  transmit(size: number, arrive: () => void, onStuck: () => void = () => {}): void {
    const now = this.conditions.scheduler.now();
    this.latest = Math.max(this.latest, this.arrival(size, now));
    if (this.latest <= now && this.travelling === 0) {
      this.deliver(arrive, onStuck);
      return;
    }
    this.travelling += 1;
    this.conditions.scheduler.schedule(() => {
      this.travelling -= 1;
      this.deliver(arrive, onStuck);
    }, this.latest - now);
  }

  /** Sends a datagram, which may be lost, come twice or be overtaken. */
  sendDatagram(size: number, arrive: () => void): void {
    const { scheduler, chance } = this.conditions;
    const { loss, duplication, reordering } = this.to.conditions;
    if (chance.chance(loss)) return;
    const copies = chance.chance(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const now = scheduler.now();
      const extra = chance.chance(reordering) ? within(OVERTAKEN, chance) : 0;
      const delay = this.arrival(size, now) + extra - now;
      const land = () => {
        if (this.open) arrive();
      };
      if (delay <= 0) land();
      else scheduler.schedule(land, delay);
    }
  }

  /** Sends again what could not be delivered, for an end that has come back. */
  retry(): void {
    const { stuck } = this;
    this.stuck = [];
    for (const arrive of stuck) this.transmit(0, arrive);
  }

  private arrival(size: number, now: number): number {
    const { chance, latency } = this.conditions;
    const { from, to } = this;
    const sent = from.up.pass(size, now, from.conditions.bandwidth);
    const ranges = [latency, from.conditions.latency, to.conditions.latency];
    const travelled = ranges.reduce<number>((sum, range) => sum + within(range, chance), sent);
    return to.down.pass(size, travelled, to.conditions.bandwidth);
  }

  private deliver(arrive: () => void, onStuck: () => void): void {
    if (this.stuck.length === 0 && this.open) {
      arrive();
      return;
    }
    this.stuck.push(arrive);
    onStuck();
  }
}
