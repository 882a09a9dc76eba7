import { Subscription } from 'rxjs';
import type { Connection, Listener } from '../networks/network.js';
import type { Link } from './link.js';

/** One of the module's listening servers. */
export class Server {
  readonly index: number;
  readonly port: number;
  private readonly limit: number;
  private readonly backlog: Connection[] = [];
  private readonly work = new Subscription();
  private readonly accept: (server: Server, connection: Connection) => boolean;

  /** `accept` takes a connection if there is a link for it, and says whether there was. */
  constructor(
    index: number,
    port: number,
    limit: number,
    accept: (server: Server, connection: Connection) => boolean,
  ) {
    this.index = index;
    this.port = port;
    this.limit = limit;
    this.accept = accept;
  }

  /** Begins to accept; what is beyond the backlog is reset. `listening` is undone on {@link stop}. */
  start(listener: Listener, listening: Subscription): void {
    this.work.add(listening);
    this.work.add(
      listener.connections$.subscribe((connection) => {
        if (this.backlog.length === 0 && this.accept(this, connection)) return;
        if (this.backlog.length < this.limit) this.backlog.push(connection);
        else connection.reset();
      }),
    );
  }

  /** A link has become free: lets the first one in the backlog have it. */
  linkFreed(): void {
    const first = this.backlog[0];
    if (first !== undefined && this.accept(this, first)) this.backlog.shift();
  }

  stop(): void {
    this.work.unsubscribe();
    for (const connection of this.backlog.splice(0)) connection.reset();
  }

  /** Whether it accepted `link`, which is still in use. */
  has(link: Link): boolean {
    return link.state !== 'free' && link.server === this.index;
  }
}
