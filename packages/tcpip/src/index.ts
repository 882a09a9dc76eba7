/**
 * Modem, network, sockets and servers as observables.
 *
 * @packageDocumentation
 * @public
 */

export { isModemError, ModemError, type ModemErrorCode, type ModemErrorDetails } from './base/errors.js';
export type { OnMistake } from './base/mistakes.js';
export type { FullTrace, FullTraceEntry, Trace, TracedPort, TraceEntry } from './base/trace.js';
export type { LeaveBy } from './line/connection.js';
export type { Endpoint, LinkInfo } from './links/link-handler.js';
export type { ReceiveMode } from './links/receive-mode.js';
export type { Modem } from './modem/modem.js';
export { modem } from './modem/open-modem.js';
export type { ModemPorts } from './modem/open-ports.js';
export type { ModemOptions } from './modem/options.js';
export { type MultiplexedOptions, type MultiplexedPorts, multiplexed } from './multiplexing/multiplexed.js';
export type { NetworkCheck } from './network/check.js';
export type { Network } from './network/network.js';
export type { NetworkOptions } from './network/options.js';
export type { RecoveryPause, RecoveryPauses } from './recovery/escalation.js';
export {
  type KeepOnlineOptions,
  keepOnline,
  type OnlineNetwork,
  type OnlineStatus,
  type RecoveryStep,
} from './recovery/keep-online.js';
export { rawCommand } from './session/raw.js';
export type { ModemState } from './session/state.js';
export type { BindOptions } from './sockets/bind.js';
export type { ConnectOptions } from './sockets/connect.js';
export type { ListenOptions } from './sockets/listen.js';
export type { TcpSocket } from './sockets/tcp-socket.js';
export type { Datagram, UdpSocket } from './sockets/udp-socket.js';
export type {
  TransparentListener,
  TransparentOptions,
  TransparentPeer,
  TransparentTarget,
} from './transparent/options.js';
export type { TransparentSession } from './transparent/transparent-session.js';
export type { Discrepancy } from './watch/discrepancy.js';
export type { Statistics } from './watch/statistics.js';
export type { Budget, Traffic } from './watch/traffic.js';
