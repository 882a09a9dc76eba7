import { isIP } from 'node:net';
import { addressBytes } from '@a7600/diagnostics/capture';

/** A destination in a SOCKS message: an address, or a name that the module looks up. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** RFC 1928, section 6: the reply field. */
export const Reply = {
  succeeded: 0,
  generalFailure: 1,
  notAllowed: 2,
  networkUnreachable: 3,
  hostUnreachable: 4,
  connectionRefused: 5,
  commandNotSupported: 7,
  addressTypeNotSupported: 8,
} as const;

/** A value of the reply field. */
export type ReplyCode = (typeof Reply)[keyof typeof Reply];

/** RFC 1928, section 4: the commands of a request. */
export const Command = { connect: 1, bind: 2, udpAssociate: 3 } as const;

/** RFC 1928, section 3: the authentication methods that this server knows. */
export const Method = { none: 0, password: 2, unacceptable: 0xff } as const;

const VERSION = 5;
const AddressType = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** Codes of Node's errors for which SOCKS has a reply of its own. */
const REPLIES: Readonly<Record<string, ReplyCode>> = {
  ECONNREFUSED: Reply.connectionRefused,
  ENETDOWN: Reply.networkUnreachable,
  ENETUNREACH: Reply.networkUnreachable,
  ENOTFOUND: Reply.hostUnreachable,
  EAI_AGAIN: Reply.hostUnreachable,
  EHOSTUNREACH: Reply.hostUnreachable,
  ETIMEDOUT: Reply.hostUnreachable,
};

/**
 * The reply to a request that failed.
 *
 * @param error what the connection failed with
 * @returns the value of the reply field
 */
export function replyFor(error: NodeJS.ErrnoException): ReplyCode {
  return REPLIES[error.code ?? ''] ?? Reply.generalFailure;
}

/**
 * A reply (RFC 1928, section 6).
 *
 * @param code the value of the reply field
 * @param bound the address that the server uses; 0.0.0.0:0 where it is unknown
 * @returns its bytes
 */
export function encodeReply(code: ReplyCode, bound: Target = { host: '0.0.0.0', port: 0 }): Buffer {
  return Buffer.concat([Buffer.of(VERSION, code, 0), encodeAddress(bound)]);
}

/**
 * The header of a UDP datagram (RFC 1928, section 7), never a fragment.
 *
 * @param from the peer that sent the datagram
 * @param payload what it sent
 * @returns header and payload
 */
export function encodeDatagram(from: Target, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(0, 0, 0), encodeAddress(from), payload]);
}

/**
 * Reads a UDP datagram of a client (RFC 1928, section 7).
 *
 * @param bytes the datagram
 * @returns destination and payload; undefined for fragments and for what is no such datagram, which a server drops
 */
export function decodeDatagram(bytes: Buffer): { readonly to: Target; readonly payload: Buffer } | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0 || bytes[2] !== 0) return undefined;
  const length = addressLength(bytes[3], bytes[4]);
  const start = 3 + 1 + (length ?? 0) + 2;
  if (length === undefined || bytes.length < start) return undefined;
  const to = decodeAddress(bytes[3], bytes.subarray(4, start));
  return to && { to, payload: bytes.subarray(start) };
}

/**
 * How many bytes an address takes, without type and port.
 *
 * @param type the address type (ATYP)
 * @param first the first byte after it
 * @returns the length; undefined for unknown types
 */
export function addressLength(type: number | undefined, first: number | undefined): number | undefined {
  if (type === AddressType.ipv4) return 4;
  if (type === AddressType.ipv6) return 16;
  return type === AddressType.name && first !== undefined ? 1 + first : undefined;
}

/**
 * Reads an address with its port.
 *
 * @param type the address type (ATYP)
 * @param bytes address and port, exactly
 * @returns the target; undefined for a name that is no host name
 */
export function decodeAddress(type: number | undefined, bytes: Buffer): Target | undefined {
  const port = bytes.readUInt16BE(bytes.length - 2);
  const address = bytes.subarray(0, -2);
  if (type === AddressType.ipv4) return { host: address.join('.'), port };
  if (type === AddressType.name) {
    const name = address.toString('latin1', 1);
    // Some clients send an address in the form of a name, which is fine, or in brackets, which is not a name.
    const host = name.replace(/^\[(.*)\]$/, '$1');
    return /^[\w.:-]+$/.test(host) ? { host, port } : undefined;
  }
  const groups = Array.from({ length: 8 }, (_, index) => address.readUInt16BE(2 * index).toString(16));
  return { host: new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1), port };
}

function encodeAddress({ host, port }: Target): Buffer {
  const tail = Buffer.of(port >> 8, port & 0xff);
  switch (isIP(host)) {
    case 4:
      return Buffer.concat([Buffer.of(AddressType.ipv4), addressBytes(host), tail]);
    case 6:
      return Buffer.concat([Buffer.of(AddressType.ipv6), addressBytes(host), tail]);
    default: {
      const name = Buffer.from(host, 'latin1').subarray(0, 255);
      return Buffer.concat([Buffer.of(AddressType.name, name.length), name, tail]);
    }
  }
}
