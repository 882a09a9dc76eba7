export { type RemotePort, type Rfc2217Options, rfc2217 } from './rfc2217.js';
export { type RawTcpOptions, type TcpOptions, tcp } from './tcp.js';
