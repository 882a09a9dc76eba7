export type { ConnectOptions } from './connect.js';
export { isModemError, ModemError, type ModemErrorCode, type ModemErrorDetails } from './errors.js';
export type { ListenOptions } from './listen.js';
export { type Modem, type ModemOptions, modem } from './modem.js';
export type { Network, NetworkOptions } from './network.js';
export type { TcpSocket } from './socket/tcp-socket.js';
export type { Trace, TraceEntry } from './trace.js';
