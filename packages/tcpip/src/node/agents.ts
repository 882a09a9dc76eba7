import { type ClientRequestArgs, Agent as HttpAgent, type AgentOptions as HttpAgentOptions } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { SocketConnectOptions } from './arguments.js';
import { joinedTo } from './tls.js';

/** Makes a connection for an agent. */
export type AgentConnect = (options: SocketConnectOptions) => Socket;

/**
 * Connections to one host, as browsers have it: four links are left for others. Idle connections
 * give way to those that wait for a link, so that any number of hosts shares the ten.
 */
export const CONNECTIONS = 6;

/** An `http.Agent` whose connections go through the modem. Keeps them alive unless told otherwise. */
export class ModemHttpAgent extends HttpAgent {
  private readonly connect: AgentConnect;

  /**
   * @param connect - Opens each connection.
   * @param options - Of Node's agent; they override the defaults.
   */
  constructor(connect: AgentConnect, options: HttpAgentOptions = {}) {
    super({ keepAlive: true, maxSockets: CONNECTIONS, ...options });
    this.connect = connect;
  }

  override createConnection(options: ClientRequestArgs): Duplex {
    return this.connect(where(options));
  }
}

/**
 * An `https.Agent` whose connections go through the modem. Keeps them alive unless told otherwise,
 * and resumes TLS sessions when it opens a connection again.
 */
export class ModemHttpsAgent extends HttpsAgent {
  private readonly connect: AgentConnect;

  /**
   * @param connect - Opens each connection below TLS.
   * @param options - Of Node's agent; they override the defaults.
   */
  constructor(connect: AgentConnect, options: HttpsAgentOptions = {}) {
    super({ keepAlive: true, maxSockets: CONNECTIONS, ...options });
    this.connect = connect;
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const socket = this.connect(where(options));
    const below: RequestOptions & { readonly socket: Socket } = { ...options, socket };
    const secure = super.createConnection(below, callback);
    return secure instanceof TLSSocket ? joinedTo(socket, secure) : secure;
  }
}

function where({ host, port, timeout, lookup, localPort }: ClientRequestArgs): SocketConnectOptions {
  return { host, port, timeout, lookup, localPort };
}
