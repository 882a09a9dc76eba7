import { createServer, type Server, type Socket } from 'node:net';
import type { NetworkSource } from '@a7600/tcpip/node';
import { joinClient } from '../tunnel/join-client.js';
import { peerError } from '../tunnel/peer-error.js';
import { TUNNEL_TIMES, type TunnelTimes } from '../tunnel/tunnel.js';
import { accessFor, type Credentials } from './access.js';
import { handshake } from './handshake.js';
import { connectAnswer, httpProxy } from './http-proxy.js';
import { programOf } from './program-of.js';
import { Command, encodeReply, Reply, replyFor, type Target } from './socks5.js';
import { take } from './take.js';
import { Turns } from './turns.js';
import { associate } from './udp-association.js';

/** Settings of {@link proxy}. */
export interface ProxyOptions {
  /** What clients have to give; undefined lets every program in that reaches the port. */
  readonly credentials?: Credentials | undefined;
  readonly times?: TunnelTimes | undefined;
  /** What the network reaches where that is not the Internet, for the errors of connections. */
  readonly reach?: string | undefined;
  /** Called with each connection that was made or failed. */
  readonly onConnection?: ((to: Target, error?: Error) => void) | undefined;
}

/** Links of a module. One more connection may ask for one: that makes idle ones give way. */
const LINKS = 10;
/** Time in ms that a connection waits for its turn, a network and a link. */
const WAITING = 120_000;
/** Time in ms in which a client has to say what it wants. */
const HANDSHAKE = 30_000;

/**
 * A proxy on one port for SOCKS5 (RFC 1928; CONNECT and UDP ASSOCIATE) and HTTP (CONNECT and plain requests): the first
 * byte of a client tells which. The module looks names up. A connection waits while all ten links are in use; of the
 * programs that wait, the one with the fewest connections is next.
 *
 * @param source the network, or an observable of networks; each connection takes the newest
 * @param options see {@link ProxyOptions}
 * @returns a server that does not listen yet; `close()` ends its clients, too
 */
export function proxy(source: NetworkSource, options: ProxyOptions = {}): Server {
  const { credentials, times = TUNNEL_TIMES, reach, onConnection = () => {} } = options;
  const access = accessFor(credentials);
  const turns = new Turns(LINKS + 1);

  /** Connects, answers the client with what `answer` makes of the outcome, and joins the two. */
  const connect = (
    client: Socket,
    to: Target,
    answer: (error?: NodeJS.ErrnoException) => string | Buffer,
  ) => {
    const failed = (error: Error) => {
      const inWords = peerError(error, to, reach);
      onConnection(to, inWords);
      client.end(answer(inWords));
    };
    const deadline = performance.now() + WAITING;
    inTurn(
      client,
      (release) => {
        client.once('close', release);
        joinClient(client, source, to, {
          times,
          reach,
          timeout: Math.max(1, deadline - performance.now()),
          onConnected() {
            onConnection(to);
            client.write(answer());
          },
          onFailed(error) {
            release();
            failed(error);
          },
        });
      },
      failed,
    );
  };

  /** Starts when it is the turn of the program that the client belongs to; a client that leaves has no turn. */
  const inTurn = async (
    client: Socket,
    start: (release: () => void) => void,
    failed: (error: Error) => void,
  ) => {
    const owner = await programOf(client);
    if (client.destroyed) return;
    const late = () => {
      leave();
      const message = 'connect ETIMEDOUT: no link became free in time';
      failed(Object.assign(new Error(message), { code: 'ETIMEDOUT', syscall: 'connect' }));
    };
    const timer = setTimeout(late, WAITING);
    const leave = turns.take(owner, (release) => {
      clearTimeout(timer);
      start(release);
    });
    client.once('close', () => {
      clearTimeout(timer);
      leave();
    });
  };

  const web = httpProxy(source, { access, reach, onFailed: onConnection }, (client, to) =>
    connect(client, to, connectAnswer),
  );
  const socks = async (client: Socket) => {
    const request = await handshake(client, access);
    if (request === undefined) {
      // Whatever this client speaks, there is nothing to tell it.
      if (!client.writableEnded) client.destroy();
      return;
    }
    const { command, to } = request;
    client.setTimeout(0);
    if (command === Command.connect) {
      connect(client, to, (error) => encodeReply(error === undefined ? Reply.succeeded : replyFor(error)));
    } else if (command === Command.udpAssociate) associate(client, source, to);
    else client.end(encodeReply(Reply.commandNotSupported));
  };

  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    // A client that leaves ends what was opened for it; there is nothing else to do about it.
    client.on('error', () => {});
    client.setTimeout(HANDSHAKE, () => client.destroy());
    const begin = async () => {
      const first = await take(client, 1);
      client.unshift(first);
      if (first[0] === 5) return await socks(client);
      client.removeAllListeners('timeout').setTimeout(0);
      web.emit('connection', client);
    };
    begin().catch(() => client.destroy());
  });
  const close = server.close.bind(server);
  server.close = (callback) => {
    close(callback);
    for (const client of clients) client.destroy();
    web.close();
    return server;
  };
  return server;
}
