import type { Line, Talking } from '../processes/programs.js';

/** Codes with which an agent says that it has not executed a command. */
const REFUSALS: readonly (string | undefined)[] = [
  'LEASE_LOST',
  'LEASE_HELD',
  'LEASE_REQUIRED',
  'DEADLINE_PASSED',
];
/** The least number of measurements of a heap that say something: the first minute is warming up. */
const MEASUREMENTS = 30;

/** What the run has found wrong, and how often what was right. */
export class Findings {
  readonly wrong: string[] = [];
  readonly counts: Record<string, number> = {};
  private readonly executed = new Set<string>();
  private readonly refused = new Set<string>();
  private readonly epochs = new Map<string, number>();
  private readonly noted = new Set<string>();
  private readonly heaps = new Map<string, number[]>();

  /** Watches a process of an agent: what its modules executed. */
  agent(name: string, { listen }: Talking): void {
    const heaps: number[] = [];
    this.heaps.set(name, heaps);
    listen(({ heap, error, executed: text, modem = '', at = 0 }) => {
      if (heap !== undefined) heaps.push(heap);
      if (error !== undefined) this.wrong.push(`${name} ended: ${error}`);
      if (text === undefined) return;
      this.count('executed');
      if (this.executed.has(text)) this.wrong.push(`executed twice: ${text}`);
      this.executed.add(text);
      if (this.refused.has(text)) this.wrong.push(`refused and executed: ${text}`);
      const late = at - Number(/D(\d+)/.exec(text)?.[1]);
      if (late > 0) this.wrong.push(`sent to the module ${Math.round(late)} ms after its deadline: ${text}`);
      const epoch = /=(\d+)$/.exec(text)?.[1];
      if (epoch === undefined) return;
      this.count('executed with a lease');
      if (Number(epoch) < (this.epochs.get(modem) ?? 0))
        this.wrong.push(`executed with an outdated epoch: ${text}`);
      this.epochs.set(modem, Number(epoch));
    });
  }

  /** Watches a process of a controller: how its commands and streams ended. */
  controller(name: string, { listen }: Talking): void {
    const heaps: number[] = [];
    this.heaps.set(name, heaps);
    listen((line) => {
      if (line.heap !== undefined) heaps.push(line.heap);
      if (line.failed !== undefined) this.wrong.push(`${name} ended: ${line.failed}`);
      if (line.stuck !== undefined) this.wrong.push(`${name}: ${line.stuck}`);
      if (line.asked !== undefined) this.command(line.asked, line.code);
      if (line.stream !== undefined) this.stream(name, line);
    });
  }

  /** Whether the memory of a program has grown without a bound: its last quarter against its second. */
  settle(): void {
    for (const [name, heaps] of this.heaps) {
      if (heaps.length < MEASUREMENTS) continue;
      const quarter = Math.floor(heaps.length / 4);
      const mean = (from: number) =>
        heaps.slice(from, from + quarter).reduce((sum, heap) => sum + heap, 0) / quarter;
      const [before, after] = [mean(quarter), mean(3 * quarter)];
      this.counts[`heap of ${name} in the last quarter, in % of that in the second`] = Math.round(
        (100 * after) / before,
      );
      if (after > before * 1.1 + 1e6) this.wrong.push(`${name}: heap from ${mb(before)} to ${mb(after)} MB`);
    }
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Notes what would otherwise be found again and again; `detail` says more of the first time. */
  once(what: string, detail?: string): void {
    if (this.noted.has(what)) return;
    this.noted.add(what);
    this.wrong.push(detail === undefined ? what : `${what} (${detail})`);
  }

  private command(text: string, code: string | undefined): void {
    // The emulated module does not know the marked commands: COMMAND_FAILED is its answer.
    this.count(`command: ${code}`);
    if (!REFUSALS.includes(code)) return;
    this.refused.add(text);
    if (this.executed.has(text)) this.wrong.push(`refused and executed: ${text}, ${code}`);
  }

  private stream(
    name: string,
    { stream: size, received = 0, isRight, ends, isOpened, by, code }: Line,
  ): void {
    const isWhole = received === size;
    this.count(isWhole ? 'stream: whole' : `stream: ${code}`);
    if (isRight !== true)
      this.wrong.push(`${name}: a stream lost, doubled or changed bytes before ${received}`);
    if (ends !== (isOpened ? 1 : 0)) this.wrong.push(`${name}: a stream ended ${ends} times, ${code}`);
    if (!isWhole && code === 'ended')
      this.wrong.push(`${name}: a stream ended well (${by}) after ${received} bytes`);
  }
}

const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
