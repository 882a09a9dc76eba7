import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createServer as createModemServer, type NetworkSource } from '@a7600/tcpip/node';
import { joinClient } from '../tunnel/join-client.js';
import { tunnel } from '../tunnel/tunnel.js';
import type { ForwardRule } from './rule.js';

/** A rule that is in effect. */
export interface Forwarding {
  readonly rule: ForwardRule;
  /** Stops listening, and ends the connections. */
  close(): void;
}

/** Called with each connection, from the side that made it, that is open or failed. */
export type OnForwarded = (rule: ForwardRule, error?: Error) => void;

/**
 * After the server of this computer has ended, its peer waits for the end of the connection: it is closed after this
 * time, in ms, without a byte from the peer.
 */
const SERVER_HOLD = 500;

/**
 * Puts a rule into effect.
 *
 * @param rule see `parseRule`
 * @param source the network
 * @param onForwarded called with each connection
 * @returns the forwarding, which listens; rejects if it cannot listen
 */
export async function forward(
  rule: ForwardRule,
  source: NetworkSource,
  onForwarded: OnForwarded = () => {},
): Promise<Forwarding> {
  const sockets = new Set<Socket>();
  const accept = (client: Socket) => {
    sockets.add(client);
    client.once('close', () => sockets.delete(client));
    // A client that leaves ends what was opened for it.
    client.on('error', () => {});
    const report = (error?: Error) => onForwarded(rule, error);
    if (rule.kind === 'local') outwards(client, rule, source, report);
    else inwards(client, rule, report);
  };
  const server =
    rule.kind === 'local'
      ? createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept)
      : createModemServer(source, { halfCloseTimeout: SERVER_HOLD, pauseOnConnect: true }, accept);
  server.listen({ host: rule.bind, port: rule.port });
  await once(server, 'listening');
  // It cannot listen again after an outage.
  server.on('error', (error: Error) => onForwarded(rule, error));
  return {
    rule,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A client of this computer gets a connection through the modem. */
function outwards(
  client: Socket,
  rule: ForwardRule,
  source: NetworkSource,
  report: (error?: Error) => void,
): void {
  joinClient(
    client,
    source,
    { host: rule.host, port: rule.hostPort },
    {
      onConnected: report,
      onFailed(error) {
        report(error);
        client.resetAndDestroy();
      },
    },
  );
}

/** A client of the module gets a connection to the server of this computer. */
function inwards(client: Socket, { host, hostPort }: ForwardRule, report: (error?: Error) => void): void {
  const server = connect({ host, port: hostPort, allowHalfOpen: true });
  const left = () => server.destroy();
  const failed = (error: Error) => {
    report(error);
    client.destroy();
  };
  client.once('close', left);
  server.once('error', failed);
  server.once('connect', () => {
    client.off('close', left);
    server.off('error', failed);
    report();
    tunnel(server, client, hostPort);
  });
}
