import type { AgentOptions as HttpAgentOptions } from 'node:http';
import type { AgentOptions as HttpsAgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { ModemHttpAgent, ModemHttpsAgent } from './agents.js';
import type { SocketConnectOptions } from './arguments.js';
import { optionsOf } from './authority.js';
import { type IoredisConnector, ioredisConnector } from './ioredis.js';
import type { NetworkSource } from './modem-network.js';
import { ModemSocket, type ModemSocketOptions } from './socket.js';
import { joinedTo, Sessions, tlsOptions } from './tls.js';
import { type UndiciConnector, type UndiciOptions, undiciConnector } from './undici.js';

/** Called once a connection is made. */
export type ConnectListener = (error: null, socket: Socket) => void;

/** Where to connect with TLS: of `tls.connect` what concerns TLS, of `net.connect` what {@link SocketConnectOptions} has. */
export type SecureOptions = Omit<ConnectionOptions, keyof SocketConnectOptions | 'socket'> &
  SocketConnectOptions;

/** Where an MQTT broker is. */
export interface MqttOptions extends SocketConnectOptions {
  /** Settings of TLS; without them the connection is plain. */
  readonly tls?: ConnectionOptions | undefined;
}

/** Settings of {@link modemConnect}. */
export type ModemConnectOptions = Omit<ModemSocketOptions, 'signal' | 'onread' | 'yields'>;

/** Connections through a modem in the form that each library wants. */
export interface ModemConnect {
  /**
   * `net.createConnection` through the modem: what `http.request`, `http2.connect` for `http:`,
   * `ws` for `ws:` and many others take as `createConnection`.
   *
   * @param options - The peer; other forms take a port and a host, a path, or a URL.
   * @param listener - Called on `connect`.
   * @returns A socket that is connecting.
   */
  (options: SocketConnectOptions, listener?: ConnectListener): Socket;
  (port: number, host?: string, listener?: () => void): Socket;
  (path: string, listener?: () => void): Socket;
  (authority: URL, options?: object): Socket;

  /**
   * `tls.connect` through the modem: what `https.request`, `http2.connect` for `https:` and `ws` for
   * `wss:` take as `createConnection`. The certificate has to be for `servername`, or for `host`.
   */
  readonly tls: ConnectTls;
  /** The options for a `tls.connect` of your own: a `socket` that is connecting, and whom to expect. */
  readonly tlsOptions: (options: SecureOptions) => ConnectionOptions;
  /** An agent for `http.request`, with keep-alive unless `keepAlive` is false, and 6 connections to a host. */
  readonly httpAgent: (options?: HttpAgentOptions) => ModemHttpAgent;
  /** An agent for `https.request`, as {@link httpAgent}; it resumes TLS sessions. */
  readonly httpsAgent: (options?: HttpsAgentOptions) => ModemHttpsAgent;
  /**
   * The options of undici's `Agent`, `Pool` and `Client` (`connect`, and 6 `connections` to a host),
   * and by itself the `connect` of these; it resumes TLS sessions.
   */
  readonly undici: (options?: UndiciOptions) => UndiciConnector;
  /** The stream builder of mqtt.js: `new MqttClient(connect.mqtt({ host, port }), options)`. */
  readonly mqtt: (options: MqttOptions) => () => Socket | TLSSocket;
  /** The `Connector` of ioredis: `new Redis({ host, port, Connector: connect.ioredis })`. */
  readonly ioredis: IoredisConnector;
}

/** See {@link ModemConnect.tls}. */
export interface ConnectTls {
  /**
   * Connects with the options of `tls.connect`.
   *
   * @param options - The peer, and the settings of TLS.
   * @param listener - Called on `secureConnect`.
   * @returns A socket that is connecting.
   */
  (options: SecureOptions, listener?: (error: null, socket: TLSSocket) => void): TLSSocket;
  /**
   * Connects to a URL, as `http2.connect` calls it.
   *
   * @param authority - The peer.
   * @param options - The settings of TLS.
   * @returns A socket that is connecting.
   */
  (authority: URL, options?: object): TLSSocket;
}

/**
 * Makes connections through a modem for Node's own modules and for libraries. Connections wait for a link while
 * all ten are in use, and then close those that agents and undici keep idle.
 *
 * @param source - An open `Network`, or an observable of networks for programs that survive the loss of one;
 * see {@link NetworkSource}.
 * @param options - Settings of each socket.
 * @returns A function that connects, with the forms that libraries expect as its properties.
 */
export function modemConnect(source: NetworkSource, options: ModemConnectOptions = {}): ModemConnect {
  const open = (where: SocketConnectOptions, yields = false) =>
    new ModemSocket(source, { ...options, yields }).connect(where);
  const pooled = (where: SocketConnectOptions) => open(where, true);

  function connect(
    first: SocketConnectOptions | URL | number | string,
    second?: object | string | ConnectListener | (() => void),
    third?: () => void,
  ): Socket {
    if (first instanceof URL)
      return open(optionsOf<SocketConnectOptions>(first, second as SocketConnectOptions));
    const socket = new ModemSocket(source, options);
    const listener = (typeof second === 'function' ? second : third) as ConnectListener | undefined;
    const host = typeof second === 'string' ? second : undefined;
    return socket.connect(first, host, () => listener?.(null, socket));
  }

  const secureOptions = ({ host, port, localPort, timeout, lookup, ...secure }: SecureOptions) => {
    const where = { host: host ?? 'localhost', port, localPort, timeout, lookup };
    return tlsOptions(open(where), { ...secure, host: where.host });
  };

  function connectTls(
    first: SecureOptions | URL,
    second?: object | ((error: null, socket: TLSSocket) => void),
  ): TLSSocket {
    const isHttp2 = first instanceof URL;
    const where = optionsOf<SecureOptions>(first, second as SecureOptions);
    // As http2.connect has it for connections that it makes itself.
    const options = secureOptions({ ...(isHttp2 && { ALPNProtocols: ['h2'] }), ...where });
    const socket = joinedTo(options.socket, tlsConnect(options));
    if (typeof second === 'function') socket.once('secureConnect', () => second(null, socket));
    return socket;
  }

  const mqtt = ({ tls, ...where }: MqttOptions) => {
    const sessions = new Sessions();
    const { host } = where;
    return () =>
      tls === undefined
        ? open(where)
        : sessions.connect({
            ...tlsOptions(open(where), { host: host ?? 'localhost', ...tls }),
            port: Number(where.port),
          });
  };

  return Object.assign(connect, {
    tls: connectTls,
    tlsOptions: secureOptions,
    httpAgent: (agent?: HttpAgentOptions) => new ModemHttpAgent(pooled, agent),
    httpsAgent: (agent?: HttpsAgentOptions) => new ModemHttpsAgent(pooled, agent),
    undici: (settings: UndiciOptions = {}) => undiciConnector(pooled, settings),
    mqtt,
    ioredis: ioredisConnector(open),
  });
}
