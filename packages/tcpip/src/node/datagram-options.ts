import type { SocketType } from 'node:dgram';
import type { LookupFunction } from 'node:net';
import type { LinkWait } from './link-queue.js';

/** Settings of a `ModemDatagramSocket`. */
export interface DatagramSocketOptions extends LinkWait {
  /** The module has IPv4. Default `udp4`. */
  readonly type?: SocketType | undefined;
  /** Finds the address of a name instead of the module. */
  readonly lookup?: LookupFunction | undefined;
  /** Closes the socket. */
  readonly signal?: AbortSignal | undefined;
  /** What `getRecvBufferSize` says; changes nothing. */
  readonly recvBufferSize?: number | undefined;
  /** What `getSendBufferSize` says; changes nothing. */
  readonly sendBufferSize?: number | undefined;
}

/** How a socket is bound. */
export interface DatagramBindOptions {
  /** 1 to 65535; 0 is one of the dynamic ports. Default 0. */
  readonly port?: number | undefined;
  /** Ignored: the module has one address. */
  readonly address?: string | undefined;
}

/** What `bind` of Node's class takes: options, or a port, an address and a listener. */
export type BindArguments = readonly (
  | DatagramBindOptions
  | number
  | string
  | (() => void)
  | null
  | undefined
)[];
