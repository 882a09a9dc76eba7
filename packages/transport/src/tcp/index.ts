/**
 * Serial ports of another computer: raw TCP and RFC 2217.
 *
 * @packageDocumentation
 * @public
 */

export type { RemotePort, Rfc2217Options } from './remote-port.js';
export { rfc2217 } from './rfc2217.js';
export { type RawTcpOptions, type TcpOptions, tcp } from './tcp.js';
