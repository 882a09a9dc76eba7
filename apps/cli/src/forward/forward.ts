import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createServer as createModemServer, type NetworkSource } from '@a7600/tcpip/node';
import { joinClient } from '../tunnel/join-client.js';
import { listenError } from '../tunnel/listen-error.js';
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
 * @param reach as for `dial`
 * @returns the forwarding, which listens; rejects if it cannot listen
 */
export async function forward(
  rule: ForwardRule,
  source: NetworkSource,
  onForwarded: OnForwarded = () => {},
  reach?: string,
): Promise<Forwarding> {
  const sockets = new Set<Socket>();
  const accept = (client: Socket) => {
    sockets.add(client);
    client.once('close', () => sockets.delete(client));
    // A client that leaves ends what was opened for it.
    client.on('error', () => {});
    const report = (error?: Error) => onForwarded(rule, error);
    if (rule.kind === 'local') outwards(client, { rule, source, reach }, report);
    else inwards(client, rule, report);
  };
  const server =
    rule.kind === 'local'
      ? createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept)
      : createModemServer(source, { halfCloseTimeout: SERVER_HOLD, pauseOnConnect: true }, accept);
  server.listen({ host: rule.bind, port: rule.port });
  await once(server, 'listening');
  // It cannot listen again after an outage.
  server.on('error', (error: Error) => onForwarded(rule, listenError(error, rule.port)));
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
  { rule, source, reach }: { rule: ForwardRule; source: NetworkSource; reach: string | undefined },
  report: (error?: Error) => void,
): void {
  joinClient(
    client,
    source,
    { host: rule.host, port: rule.hostPort },
    {
      reach,
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
    report(notReached(error, host, hostPort));
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

/** Why a server of this computer's network was not reached, in words. */
function notReached(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const { code = '', message } = error;
  const why = UNREACHED[code] ?? message;
  return Object.assign(new Error(`Cannot connect to the server ${host}:${port}: ${why}`, { cause: error }), {
    code,
  });
}

const UNREACHED: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it does not listen there. Start it.',
  ENOTFOUND: 'there is no host of that name.',
  EHOSTUNREACH: 'no route leads to that host.',
  ETIMEDOUT: 'it did not answer in time.',
};
