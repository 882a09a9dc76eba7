import type { Talking } from '../processes/programs.js';
import type { WayToServer } from './proxy.js';

/** A program that is started again after it was killed, and what is being done to it. */
export class Kept {
  isAlive = true;
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
    this.running = start();
  }

  /** Whether it runs now. */
  get isAwake(): boolean {
    return this.isAlive && !this.isStopped;
  }

  kill(): void {
    this.isAlive = false;
    this.running.process.kill('SIGKILL');
    this.changed();
  }

  again(): void {
    this.running = this.start();
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
