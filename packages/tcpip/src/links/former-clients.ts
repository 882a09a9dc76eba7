import type { SchedulerLike } from 'rxjs';
import { type Endpoint, type LinkInfo, sameEndpoint } from './link-handler.js';

/** Time in ms for which a client that has left is remembered: TCP does not use its port again for about as long. */
const MEMORY = 120_000;

/** The last client on each link, to know the report of one that comes again, late. */
export class FormerClients {
  private readonly scheduler: SchedulerLike;
  private readonly last = new Map<number, { readonly remote: Endpoint | undefined; readonly at: number }>();

  constructor(scheduler: SchedulerLike) {
    this.scheduler = scheduler;
  }

  /** A link is free, or another connection has it. */
  left({ link, remote, server }: LinkInfo): void {
    if (server !== undefined) this.last.set(link, { remote, at: this.scheduler.now() });
  }

  /** Whether the link was that client's a while ago. */
  has(link: number, client: Endpoint): boolean {
    const last = this.last.get(link);
    if (last === undefined || this.scheduler.now() - last.at >= MEMORY) return false;
    return sameEndpoint(last.remote, client);
  }

  clear(): void {
    this.last.clear();
  }
}
