import type { Socket } from 'node:net';

/** How long a tunnel is held open for what may still come. Times are in ms. */
export interface TunnelTimes {
  /**
   * After the client has ended, the connection is kept until the peer ends, too, or has been silent for this long: the
   * module cannot end one direction alone. Default 30000.
   */
  readonly hold: number;
  /**
   * Silence after which a connection that has probably served its purpose may be closed if another one waits for a
   * link: the client has ended after the peer's answer. Default 1000.
   */
  readonly answered: number;
  /** The same for a connection of the web (ports 80 and 443) on which nothing passes. Default 30000. */
  readonly idle: number;
}

export const TUNNEL_TIMES: TunnelTimes = { hold: 30_000, answered: 1_000, idle: 30_000 };

/** Ports whose clients keep idle connections in stock, and open another one when such a connection is closed. */
const WEB = [80, 443];

/**
 * Joins a client with its connection through the modem. A connection that breaks resets the client, so that a
 * truncated answer does not look like a whole one.
 *
 * @param client the client's socket, made with `allowHalfOpen`
 * @param remote the connection, made with `halfCloseTimeout: times.hold` and `yields: true`
 * @param port the port that the client asked for
 * @param times see {@link TunnelTimes}
 */
export function tunnel(client: Socket, remote: Socket, port: number, times = TUNNEL_TIMES): void {
  /** Who sent the last byte, for connections that the client ends. */
  let last: 'client' | 'peer' | undefined;
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    clearTimeout(timer);
    // Offered to others while it is idle; taken back by the next byte.
    remote.ref();
    const hasEnded = client.readableEnded;
    const wait = hasEnded ? last === 'peer' && times.answered : WEB.includes(port) && times.idle;
    if (wait !== false) timer = setTimeout(() => remote.unref(), wait).unref();
  };
  client.on('data', () => {
    last = 'client';
    watch();
  });
  remote.on('data', () => {
    last = 'peer';
    watch();
  });
  client.on('end', watch);
  client.on('error', () => remote.destroy());
  client.on('close', () => remote.destroy());
  remote.on('error', () => client.resetAndDestroy());
  remote.on('close', () => {
    clearTimeout(timer);
    if (remote.readableEnded || !client.readableEnded) finish(client);
    else client.resetAndDestroy();
  });
  client.pipe(remote);
  remote.pipe(client);
  watch();
}

/** Ends the client's connection after what it has not read yet, and reads what it still sends. */
function finish(client: Socket): void {
  if (client.destroyed) return;
  client.end();
  client.resume();
  client.setTimeout(LINGER, () => client.destroy());
}

/** Time in ms that a client is given to notice the end. */
const LINGER = 5_000;
