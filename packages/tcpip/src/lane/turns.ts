import type { Job, TrafficSource } from './job.js';
import { joinedJob } from './joined.js';

/**
 * Who is next. Control commands and bulk traffic take turns, and so do the sources of traffic
 * among themselves, so that neither a busy link nor a busy caller starves anybody.
 */
export class Turns {
  private readonly queue: Job[] = [];
  private readonly ready: TrafficSource[] = [];
  private readonly joined: number;
  private trafficIsNext = false;

  /** `joined` is how many reads may share a command line; 1 none. */
  constructor(joined: number) {
    this.joined = joined;
  }

  /** Queues a control command. */
  queueUp(job: Job): void {
    this.queue.push(job);
  }

  /** Takes a control command out of the queue, if it is still there. */
  cancel(job: Job): void {
    const index = this.queue.indexOf(job);
    if (index >= 0) this.queue.splice(index, 1);
  }

  /** A source has something to do; it is asked once. */
  wake(source: TrafficSource): void {
    if (!this.ready.includes(source)) this.ready.push(source);
  }

  /** Whether anything waits. */
  get isWaiting(): boolean {
    return this.queue.length > 0 || this.ready.length > 0;
  }

  next(): Job | undefined {
    const traffic = this.trafficIsNext || this.queue.length === 0 ? this.nextTraffic() : undefined;
    this.trafficIsNext = traffic === undefined;
    return traffic ?? this.queue.shift();
  }

  /** Takes everything out that waits. */
  clear(): Job[] {
    this.ready.length = 0;
    return this.queue.splice(0);
  }

  private nextTraffic(): Job | undefined {
    const first = this.ask();
    if (first === undefined || this.joined < 2 || first.source.joins !== true) return first?.job;
    const jobs = [first.job];
    while (jobs.length < this.joined) {
      const next = this.ask(({ joins }) => joins === true);
      if (next === undefined) break;
      jobs.push(next.job);
    }
    return jobs.length === 1 ? first.job : joinedJob(jobs);
  }

  /** The first source of that kind that has a job, and the job; the others keep their places. */
  private ask(kind: (source: TrafficSource) => boolean = () => true) {
    for (let index = this.ready.findIndex(kind); index >= 0; index = this.ready.findIndex(kind)) {
      const source = this.ready[index] as TrafficSource;
      this.ready.splice(index, 1);
      const job = source.next();
      if (job !== undefined) return { source, job };
    }
    return undefined;
  }
}
