/**
 * Adapters for Node programs: `net.Socket`, `net.Server`, `dgram.Socket` and agents over a network. They use only
 * its public interface.
 *
 * @module
 * @public
 */

export { type AgentConnect, ModemHttpAgent, ModemHttpsAgent } from './agents.js';
export type {
  ConnectArguments,
  ListenArguments,
  ServerListenOptions,
  SocketConnectOptions,
} from './arguments.js';
export { createServer } from './create-server.js';
export { createSocket } from './create-socket.js';
export type { Message, SendArguments, SendCallback } from './datagram-arguments.js';
export type { BindArguments, DatagramBindOptions, DatagramSocketOptions } from './datagram-options.js';
export { ModemDatagramSocket } from './datagram-socket.js';
export {
  type DiagnosticsMessages,
  diagnosticsChannels,
  type NamedModem,
  withDiagnostics,
} from './diagnostics.js';
export type { SocketAddress } from './dial.js';
export type { IoredisConnector } from './ioredis.js';
export type { LinkStreamOptions } from './link-stream-options.js';
export {
  type ConnectListener,
  type ConnectTls,
  type ModemConnect,
  type ModemConnectOptions,
  type MqttOptions,
  modemConnect,
  type SecureOptions,
} from './modem-connect.js';
export type { ModemDatagrams, ModemLink, ModemNetwork, NetworkSource } from './modem-network.js';
export type { NodeError } from './node-error.js';
export type { OnRead } from './read-sink.js';
export { ModemServer, type ModemServerOptions, type ServerToHand } from './server.js';
export { ModemSocket, type ModemSocketOptions } from './socket.js';
export { tlsOver } from './tls.js';
export type { UndiciConnector, UndiciOptions, UndiciRequest } from './undici.js';
