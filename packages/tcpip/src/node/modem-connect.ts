import type { AgentOptions as HttpAgentOptions } from 'node:http';
import type { AgentOptions as HttpsAgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { ModemHttpAgent, ModemHttpsAgent } from './agents.js';
import type { ConnectOptions } from './arguments.js';
import { type IoredisConnector, ioredisConnector } from './ioredis.js';
import type { NetworkSource } from './modem-network.js';
import { ModemSocket } from './socket.js';
import { Sessions, tlsOptions } from './tls.js';
import { type UndiciConnector, type UndiciOptions, undiciConnector } from './undici.js';

/** Called once a connection is made. */
export type ConnectListener = (error: null, socket: Socket) => void;

/** Where to connect with TLS: of `tls.connect` what concerns TLS, of `net.connect` what {@link ConnectOptions} has. */
export type SecureOptions = Omit<ConnectionOptions, keyof ConnectOptions | 'socket'> & ConnectOptions;

/** Where an MQTT broker is; `tls` switches TLS on. */
export interface MqttOptions extends ConnectOptions {
  readonly tls?: ConnectionOptions | undefined;
}

/** Connections through a modem in the form that each library wants. */
export interface ModemConnect {
  /**
   * `net.createConnection` through the modem: what `http.request`, `http2.connect`, `ws` for `ws:`
   * and many others take as `createConnection`.
   */
  (options: ConnectOptions, listener?: ConnectListener): Socket;
  (port: number, host?: string, listener?: () => void): Socket;
  (path: string, listener?: () => void): Socket;

  /**
   * `tls.connect` through the modem: what `https.request` and `ws` for `wss:` take as
   * `createConnection`. The certificate has to be for `servername`, or for `host`.
   */
  readonly tls: (options: SecureOptions, listener?: (error: null, socket: TLSSocket) => void) => TLSSocket;
  /** The options for a `tls.connect` of your own: a `socket` that is connecting, and whom to expect. */
  readonly tlsOptions: (options: SecureOptions) => ConnectionOptions;
  /** An agent for `http.request`, with keep-alive unless `keepAlive` is false. */
  readonly httpAgent: (options?: HttpAgentOptions) => ModemHttpAgent;
  /** An agent for `https.request`, with keep-alive unless `keepAlive` is false; it resumes TLS sessions. */
  readonly httpsAgent: (options?: HttpsAgentOptions) => ModemHttpsAgent;
  /** The `connect` of undici's `Agent`, `Pool` and `Client`; it resumes TLS sessions. */
  readonly undici: (options?: UndiciOptions) => UndiciConnector;
  /** The stream builder of mqtt.js: `new MqttClient(connect.mqtt({ host, port }), options)`. */
  readonly mqtt: (options: MqttOptions) => () => Socket | TLSSocket;
  /** The `Connector` of ioredis: `new Redis({ host, port, Connector: connect.ioredis })`. */
  readonly ioredis: IoredisConnector;
}

/**
 * Connections through a modem for Node's own modules and for libraries. `source` is an open
 * `Network`, or an observable of it for programs that are to survive its loss; see
 * {@link NetworkSource}.
 */
export function modemConnect(source: NetworkSource): ModemConnect {
  function connect(
    first: ConnectOptions | number | string,
    second?: string | ConnectListener | (() => void),
    third?: () => void,
  ): Socket {
    const socket = new ModemSocket(source);
    // Node's types leave out that the addresses of a socket may be undefined.
    const shaped = socket as Socket;
    const listener = typeof second === 'function' ? second : third;
    const host = typeof second === 'string' ? second : undefined;
    socket.connect(first, host, () => listener?.(null, shaped));
    return shaped;
  }

  const secureOptions = (options: SecureOptions) => {
    const { host = 'localhost', port, localPort, timeout, lookup, ...secure } = options;
    const socket = connect({ host, port, localPort, timeout, lookup });
    return tlsOptions(socket, { ...secure, host } as ConnectionOptions);
  };

  const mqtt = ({ tls, ...where }: MqttOptions) => {
    const sessions = new Sessions();
    const { host } = where;
    return () =>
      tls === undefined
        ? connect(where)
        : sessions.connect({
            ...tlsOptions(connect(where), { host: host ?? 'localhost', ...tls }),
            port: Number(where.port),
          });
  };

  return Object.assign(connect, {
    tls: (options: SecureOptions, listener?: (error: null, socket: TLSSocket) => void) => {
      const socket = tlsConnect(secureOptions(options));
      if (listener !== undefined) socket.once('secureConnect', () => listener(null, socket));
      return socket;
    },
    tlsOptions: secureOptions,
    httpAgent: (options?: HttpAgentOptions) => new ModemHttpAgent(connect, options),
    httpsAgent: (options?: HttpsAgentOptions) => new ModemHttpsAgent(connect, options),
    undici: (options: UndiciOptions = {}) => undiciConnector(connect, options),
    mqtt,
    ioredis: ioredisConnector(connect),
  });
}
