export { type HostNetworkOptions, hostNetwork } from './host-network.js';
export { type OnPty, onPty } from './on-pty.js';
export { openPty, type Pty } from './pty.js';
