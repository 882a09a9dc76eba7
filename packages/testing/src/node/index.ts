/**
 * The network of this computer for an emulated module, pseudo-terminals and TCP ports for other programs.
 *
 * @packageDocumentation
 * @public
 */

export { type HostNetworkOptions, hostNetwork } from './host-network.js';
export { type OnPty, type OnPtyOptions, onPty } from './on-pty.js';
export { type OnTcp, type OnTcpOptions, onTcp } from './on-tcp.js';
export { openPty, type Pty } from './pty.js';
