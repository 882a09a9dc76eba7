import type { RemoteInfo, SocketType } from 'node:dgram';
import type { DatagramSocketOptions } from './datagram-options.js';
import { ModemDatagramSocket } from './datagram-socket.js';
import type { NetworkSource } from './modem-network.js';

/**
 * Makes a {@link ModemDatagramSocket}.
 *
 * @param source - The network, or an observable of networks.
 * @param options - Settings, as of `dgram.createSocket`, or the type. Default `udp4`.
 * @param onMessage - Listens to `message`.
 * @returns The socket, not bound.
 * @example
 * createSocket(net, 'udp4').bind(5000);
 */
export function createSocket(
  source: NetworkSource,
  options: DatagramSocketOptions | SocketType = 'udp4',
  onMessage?: (message: Buffer, from: RemoteInfo) => void,
): ModemDatagramSocket {
  const socket = new ModemDatagramSocket(source, typeof options === 'string' ? { type: options } : options);
  if (onMessage !== undefined) socket.on('message', onMessage);
  return socket;
}
