export type { ConnectOptions, ListenOptions } from './arguments.js';
export type { LinkStreamOptions } from './link-stream.js';
export type { ModemLink, ModemNetwork, NetworkSource } from './modem-network.js';
export type { NodeError } from './node-error.js';
export { type Endpoint, ModemSocket } from './socket.js';
