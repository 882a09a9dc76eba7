import { type Observable, Subscription } from 'rxjs';
import type { Connection } from '../../networks/network.js';
import type { Port } from '../at/port.js';
import type { Link } from './link.js';

/** What a {@link Server} is made of. */
export interface ServerOptions {
  readonly index: number;
  readonly port: number;
  /** The AT port on which it was started: a transparent connection takes that one. */
  readonly startedOn: Port;
  /** Connections that wait for a link. */
  readonly backlog: number;
  /** Takes a connection if there is a link for it, and says whether there was. */
  readonly accept: (server: Server, connection: Connection) => boolean;
}

/** One of the module's listening servers. */
export class Server {
  readonly index: number;
  readonly port: number;
  readonly startedOn: Port;
  private readonly limit: number;
  private readonly accept: ServerOptions['accept'];
  private readonly waiting: Connection[] = [];
  private readonly work = new Subscription();

  constructor({ index, port, startedOn, backlog, accept }: ServerOptions) {
    this.index = index;
    this.port = port;
    this.startedOn = startedOn;
    this.limit = backlog;
    this.accept = accept;
  }

  /** Begins to accept. `listening` is undone on {@link stop}. */
  start(connections$: Observable<Connection>, listening: Subscription): void {
    this.work.add(listening);
    this.work.add(connections$.subscribe((connection) => this.offer(connection)));
  }

  /** A client has connected: it gets a link or waits for one; what is beyond the backlog is reset. */
  offer(connection: Connection): void {
    if (this.waiting.length === 0 && this.accept(this, connection)) return;
    if (this.waiting.length < this.limit) this.waiting.push(connection);
    else connection.reset();
  }

  /** A link has become free: lets the first one that waits have it. */
  linkFreed(): void {
    const [first] = this.waiting;
    if (first !== undefined && this.accept(this, first)) this.waiting.shift();
  }

  stop(): void {
    this.work.unsubscribe();
    for (const connection of this.waiting.splice(0)) connection.reset();
  }

  /** Whether it accepted `link`, which is still in use. */
  has(link: Link): boolean {
    return link.state !== 'free' && link.use.server === this.index;
  }
}
