import { type ClientRequestArgs, Agent as HttpAgent, type AgentOptions as HttpAgentOptions } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ConnectOptions } from './arguments.js';

/** Makes a connection. */
export type Connect = (options: ConnectOptions) => Duplex;

/** An `http.Agent` whose connections go through the modem. Keeps them alive unless told otherwise. */
export class ModemHttpAgent extends HttpAgent {
  private readonly connect: Connect;

  constructor(connect: Connect, options: HttpAgentOptions = {}) {
    super({ keepAlive: true, ...options });
    this.connect = connect;
  }

  override createConnection(options: ClientRequestArgs): Duplex {
    return this.connect(where(options));
  }
}

/**
 * An `https.Agent` whose connections go through the modem. Keeps them alive unless told otherwise,
 * and resumes the TLS sessions of those that it has to make anew.
 */
export class ModemHttpsAgent extends HttpsAgent {
  private readonly connect: Connect;

  constructor(connect: Connect, options: HttpsAgentOptions = {}) {
    super({ keepAlive: true, ...options });
    this.connect = connect;
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const secure = { ...options, socket: this.connect(where(options)) };
    return super.createConnection(secure, callback);
  }
}

function where({ host, port, timeout, lookup, localPort }: ClientRequestArgs): ConnectOptions {
  return { host, port, timeout, lookup, localPort };
}
