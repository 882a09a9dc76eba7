import type { Connection } from '../../networks/network.js';
import type { EmulatorEvent, NetworkState } from '../events.js';
import type { Settings } from '../settings.js';
import type { DataMode } from './data-mode.js';
import { Link, type LinkContext } from './link.js';
import { connectionLimit } from './retransmission.js';
import type { Server } from './server.js';
import { tcpChannel } from './tcp-channel.js';

/** What {@link Sockets} needs of the module. */
export interface SocketsContext
  extends Pick<LinkContext, 'clock' | 'profile' | 'report' | 'arrived' | 'flush'> {
  readonly settings: Settings;
  readonly dataMode: DataMode;
  emit(event: EmulatorEvent): void;
}

const LINKS = 10;

/** The socket service that `AT+NETOPEN` opens: its ten links and four servers. */
export class Sockets {
  readonly links: readonly Link[];
  readonly servers = new Map<number, Server>();
  /** `AT+CIPMODE` and field 8 of `AT+CIPCCFG` as they were when the service was opened. */
  transparent = false;
  readsDatagrams = false;
  /** The access point of its context as it was when the service was opened. */
  apn = '';
  private readonly context: SocketsContext;
  private current: NetworkState = 'closed';

  constructor(context: SocketsContext) {
    this.context = context;
    const forLinks: LinkContext = {
      ...context,
      roomFreed: (link) => context.dataMode.roomFreed(link),
      transparentEnded: (link, reason) => context.dataMode.linkEnded(link, reason),
      freed: () => this.linkFreed(),
    };
    this.links = Array.from({ length: LINKS }, (_, number) => new Link(number, forLinks));
  }

  get state(): NetworkState {
    return this.current;
  }

  get open(): boolean {
    return this.current === 'open';
  }

  /** The service begins to open. */
  opening(): void {
    const { transparent, readsDatagrams } = this.context.settings;
    this.transparent = transparent;
    this.readsDatagrams = readsDatagrams;
    this.change('opening');
  }

  /** It is open, or could not be opened. */
  settle(open: boolean): void {
    for (const link of this.links) link.used = false;
    this.change(open ? 'open' : 'closed');
  }

  /** Gives a connection that a server has accepted the lowest free link, if there is one. */
  accept(server: Server, connection: Connection): boolean {
    const transparent = this.transparent && server.index === 0;
    const candidates = transparent ? this.links.slice(0, 1) : this.links.slice(this.transparent ? 1 : 0);
    const link = candidates.find(({ state }) => state === 'free');
    if (link === undefined) return false;
    const { report, dataMode } = this.context;
    const { startedOn } = server;
    const { remote } = connection;
    link.reserve({ type: 'TCP', server: server.index, remote, transparent });
    const announce = () => report(`+CLIENT: ${link.number},${server.index},${remote.host}:${remote.port}`);
    if (!transparent) {
      startedOn.exclusively(() => {
        announce();
        this.connect(link, connection);
      });
      return true;
    }
    // The result of a command never stands in the data.
    this.connect(link, connection);
    const { use } = link;
    startedOn.betweenCommands(() => {
      const isOver = link.state === 'free' || link.use !== use;
      if (isOver) return;
      announce();
      startedOn.output.result('CONNECT');
      dataMode.enter(link, startedOn);
    });
    return true;
  }

  /** The link has its connection. */
  connect(link: Link, connection: Connection): void {
    const { on, idle, interval, count } = this.context.settings.keepAlive;
    const limit = connectionLimit(this.context.settings);
    if (limit !== undefined) connection.giveUpAfter?.(limit);
    if (on) connection.keepAlive?.({ idle: idle * MINUTE, interval: interval * MINUTE, count });
    link.opened(connection.remote, tcpChannel(connection));
  }

  /** A link has become free: the servers may have a client waiting for it. */
  linkFreed(): void {
    for (const server of this.servers.values()) server.linkFreed();
  }

  serverStarted(server: Server): void {
    this.servers.set(server.index, server);
    this.context.emit({ kind: 'server', server: server.index, listens: server.port });
  }

  stopServer(server: Server): void {
    server.stop();
    this.servers.delete(server.index);
    this.context.emit({ kind: 'server', server: server.index, listens: undefined });
  }

  /** Closes every link, as `AT+NETCLOSE` does: what was sent still goes out. */
  closeAll(): void {
    for (const server of [...this.servers.values()]) this.stopServer(server);
    for (const link of this.links) link.close();
    this.change('closed');
  }

  /** Drops everything without a word. */
  dropAll(): void {
    for (const server of [...this.servers.values()]) this.stopServer(server);
    for (const link of this.links) link.drop();
    this.change('closed');
  }

  /** The bearer is gone: each link is closed without a report of its own. */
  lose(): void {
    const { current } = this;
    const { dataMode, report } = this.context;
    if (current === 'closed') return;
    this.dropAll();
    dataMode.interrupt();
    if (current === 'opening') report('+NETOPEN: 1');
    else report('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY');
  }

  private change(state: NetworkState): void {
    if (state === this.current) return;
    this.current = state;
    this.context.emit({ kind: 'network', network: state });
  }
}

const MINUTE = 60_000;
