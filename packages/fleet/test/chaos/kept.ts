import type { Talking } from '../processes/programs.js';
import type { WayToServer } from './proxy.js';

/** A program that is started again after it was killed, and what is being done to it. */
export class Kept {
  isAlive = true;
  private hasSpoken = false;
  isStopped = false;
  isCut = false;
  private cuts = 0;
  private running: Talking;
  private readonly way: WayToServer;
  private readonly start: () => Talking;
  /** Called after each change. */
  private readonly changed: () => void;

  constructor(way: WayToServer, start: () => Talking, changed: () => void) {
    this.way = way;
    this.start = start;
    this.changed = changed;
    this.running = this.begin();
  }

  /** Whether it runs now: it has said something since it was started, which takes its time on a busy machine. */
  get isAwake(): boolean {
    return this.isAlive && this.hasSpoken && !this.isStopped;
  }

  private begin(): Talking {
    const running = this.start();
    this.hasSpoken = false;
    running.listen(() => {
      if (this.hasSpoken || running !== this.running) return;
      this.hasSpoken = true;
      this.changed();
    });
    return running;
  }

  kill(): void {
    this.isAlive = false;
    this.running.process.kill('SIGKILL');
    this.changed();
  }

  again(): void {
    this.running = this.begin();
    this.isAlive = true;
    this.changed();
  }

  stop(isStopped: boolean): void {
    this.isStopped = isStopped;
    this.running.process.kill(isStopped ? 'SIGSTOP' : 'SIGCONT');
    this.changed();
  }

  /** Cuts its way to the server, or mends it: one partition loses what is sent meanwhile, the next one holds it. */
  cut(isCut: boolean): void {
    this.isCut = isCut;
    if (isCut) this.cuts += 1;
    this.way.cut(isCut ? (this.cuts % 2 === 1 ? 'loses' : 'holds') : undefined);
    this.changed();
  }

  /** Tells the program something, if it runs. */
  tell(message: object): void {
    if (this.isAlive) this.running.process.send?.(message, () => {});
  }
}
