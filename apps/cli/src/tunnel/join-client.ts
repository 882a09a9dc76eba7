import type { Socket } from 'node:net';
import type { NetworkSource } from '@a7600/tcpip/node';
import { dial } from './dial.js';
import { TUNNEL_TIMES, type TunnelTimes, tunnel } from './tunnel.js';

/** Settings of {@link joinClient}. */
export interface JoinOptions {
  readonly times?: TunnelTimes | undefined;
  /** Time in ms for the connection, as for `dial`. */
  readonly timeout?: number;
  /** As for `dial`. */
  readonly reach?: string | undefined;
  /** Called when the connection is open, before the first byte of the peer reaches the client. */
  readonly onConnected?: () => void;
  /** Called when it could not be made; the client is not ended then. */
  readonly onFailed: (error: NodeJS.ErrnoException) => void;
}

/**
 * Connects through the modem for a client of this computer, and joins the two. A client that leaves meanwhile ends the
 * attempt.
 *
 * @param client the client's socket, paused, made with `allowHalfOpen`
 * @param source the network
 * @param to where to connect
 * @param options see {@link JoinOptions}
 */
export function joinClient(
  client: Socket,
  source: NetworkSource,
  to: { readonly host: string; readonly port: number },
  { times = TUNNEL_TIMES, timeout, reach, onConnected = () => {}, onFailed }: JoinOptions,
): void {
  const left = new AbortController();
  const leave = () => left.abort();
  client.once('close', leave);
  dial(source, {
    ...to,
    halfCloseTimeout: times.hold,
    yields: true,
    reach,
    signal: left.signal,
    ...(timeout !== undefined && { timeout }),
  }).then(
    (remote) => {
      client.off('close', leave);
      onConnected();
      tunnel(client, remote, to.port, times);
    },
    (error: Error) => {
      if (!left.signal.aborted) onFailed(error);
    },
  );
}
