import type { Random } from '../../random.js';

/** Decides, opportunity by opportunity, whether one kind of fault fires: by rate and by script. */
export class Trigger {
  /** How often it has fired, and how many opportunities it has had. */
  fires = 0;
  chances = 0;
  private readonly chance: Random;
  private rate = 0;
  /** Opportunities to let pass before the next firing by rate. */
  private gap = Number.POSITIVE_INFINITY;
  private readonly script: { skip: number; times: number }[] = [];
  private readonly matchers: { readonly pattern: RegExp; skip: number; times: number }[] = [];

  constructor(chance: Random) {
    this.chance = chance;
  }

  /** Strikes in a share of the opportunities, from 0 to 1. */
  setRate(rate: number): void {
    this.rate = rate;
    this.gap = this.draw();
  }

  /** Lets `skip` opportunities pass, then fires `times` times; after what was scripted before. */
  add(skip: number, times: number): void {
    this.script.push({ skip, times });
  }

  /** The same, of those opportunities only whose text the pattern matches. */
  addMatching(pattern: RegExp, skip: number, times: number): void {
    this.matchers.push({ pattern, skip, times });
  }

  /** Whether it fires at an opportunity with this text because of {@link addMatching}. */
  fireMatching(text: string): boolean {
    const [first] = this.matchers;
    if (first === undefined || !first.pattern.test(text)) return false;
    if (first.skip > 0) {
      first.skip -= 1;
      return false;
    }
    first.times -= 1;
    if (first.times <= 0) this.matchers.shift();
    this.chances += 1;
    this.fires += 1;
    return true;
  }

  /** Forgets what was scripted. */
  clearScript(): void {
    this.script.length = 0;
    this.matchers.length = 0;
  }

  /** Whether it fires at this opportunity. */
  fire(): boolean {
    return this.next(1) === 0;
  }

  /**
   * Goes through up to `count` opportunities. Returns how many passed before the one at
   * which it fires, which is used up too; undefined when all of them passed.
   */
  next(count: number): number | undefined {
    const planned = this.script[0]?.skip ?? Number.POSITIVE_INFINITY;
    const passed = Math.min(this.gap, planned);
    if (passed >= count) {
      this.use(count);
      return undefined;
    }
    this.use(passed);
    if (planned === passed) this.playScript();
    if (this.gap === 0) this.gap = this.draw();
    else this.gap -= 1;
    this.chances += 1;
    this.fires += 1;
    return passed;
  }

  private use(count: number): void {
    this.chances += count;
    this.gap -= count;
    const [planned] = this.script;
    if (planned !== undefined) planned.skip -= count;
  }

  private playScript(): void {
    const [planned] = this.script;
    if (planned === undefined) return;
    planned.times -= 1;
    if (planned.times <= 0) this.script.shift();
  }

  /** How many opportunities pass until the next firing (a geometric distribution). */
  private draw(): number {
    if (this.rate <= 0) return Number.POSITIVE_INFINITY;
    if (this.rate >= 1) return 0;
    return Math.floor(Math.log1p(-this.chance.next()) / Math.log1p(-this.rate));
  }
}
