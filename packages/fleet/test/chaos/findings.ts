import type { Line, Talking } from '../processes/programs.js';

/** What the run has found wrong, and how often what was right. */
export class Findings {
  readonly wrong: string[] = [];
  readonly counts: Record<string, number> = {};
  private readonly executed = new Set<string>();
  private readonly epochs = new Map<string, number>();
  private readonly heaps = new Map<string, number[]>();

  /** Time in ms by which the module may print a command later than the agent has sent it. */
  private static readonly SLACK = 250;

  /** Watches an agent: what its modules executed. */
  agent(name: string, { listen }: Talking): void {
    listen((line) => {
      this.heap(name, line);
      if (typeof line.error === 'string') this.wrong.push(`${name} ended: ${line.error}`);
      const text = line.executed;
      if (typeof text !== 'string') return;
      this.count('executed');
      if (this.executed.has(text)) this.wrong.push(`executed twice: ${text}`);
      this.executed.add(text);
      const deadline = Number(/D(\d+)/.exec(text)?.[1]);
      const late = Number(line.at) - deadline;
      if (late > Findings.SLACK)
        this.wrong.push(`executed ${Math.round(late)} ms after its deadline: ${text}`);
      const epoch = /=(\d+)$/.exec(text)?.[1];
      if (epoch === undefined) return;
      this.count('executed with a lease');
      const modem = String(line.modem);
      if (Number(epoch) < (this.epochs.get(modem) ?? 0))
        this.wrong.push(`executed with an outdated epoch: ${text}`);
      this.epochs.set(modem, Number(epoch));
    });
  }

  /** Watches a controller: how its commands and streams ended. */
  controller(name: string, { listen }: Talking): void {
    listen((line) => {
      this.heap(name, line);
      if (typeof line.failed === 'string') this.wrong.push(`${name} ended: ${line.failed}`);
      const { asked, exclusive, code } = line;
      if (asked !== undefined || exclusive !== undefined) {
        this.count(`command: ${code}`);
        // The emulated module does not know the marked commands.
        const text = asked ?? exclusive ?? '';
        if (code === 'LEASE_LOST' && this.executed.has(text))
          this.wrong.push(`refused and executed: ${text}`);
        if (code === 'DEADLINE_PASSED' && this.executed.has(text))
          this.wrong.push(`late and executed: ${text}`);
      }
      if (line.stream === undefined) return;
      const { received, isRight, ends } = line;
      const isWhole = received === line.stream;
      this.count(isWhole ? 'stream: whole' : `stream: ${code}`);
      if (isRight !== true)
        this.wrong.push(`${name}: a stream lost, doubled or changed bytes before ${received}`);
      if (Number(ends) > 1) this.wrong.push(`${name}: a stream ended ${ends} times`);
      if (!isWhole && code === 'ended')
        this.wrong.push(`${name}: a stream ended well after ${received} bytes`);
    });
  }

  /** Whether the memory of a program has grown without a bound: its last quarter against its second. */
  settle(): void {
    for (const [name, heaps] of this.heaps) {
      if (heaps.length < 40) continue;
      const quarter = Math.floor(heaps.length / 4);
      const least = (from: number) => Math.min(...heaps.slice(from, from + quarter));
      const [before, after] = [least(quarter), least(3 * quarter)];
      if (after > before * 1.5 + 10e6) this.wrong.push(`${name}: heap from ${mb(before)} to ${mb(after)} MB`);
    }
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  private heap(name: string, line: Line): void {
    const heap = line.heap;
    if (typeof heap === 'number') this.heaps.set(name, [...(this.heaps.get(name) ?? []), heap]);
  }
}

const mb = (bytes: number) => Math.round(bytes / 1e6);
