import { isIP } from 'node:net';
import { addressBytes } from '../proxy/ip-address.js';

/** An address with a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The flags of a TCP segment (RFC 9293, section 3.1). */
export const Flag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/** A TCP segment. */
export interface Segment {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload?: Uint8Array;
}

const TCP = 6;
const UDP = 17;
const WINDOW = 65_535;
const HOPS = 64;

/**
 * A TCP segment in an IP packet.
 *
 * @param segment see {@link Segment}; both addresses of one family
 * @returns the packet, with its checksums
 */
export function tcpPacket({ from, to, sequence, acknowledged, flags, payload = EMPTY }: Segment): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(from.port, 0);
  header.writeUInt16BE(to.port, 2);
  header.writeUInt32BE(sequence >>> 0, 4);
  header.writeUInt32BE(acknowledged >>> 0, 8);
  header.writeUInt16BE((5 << 12) | flags, 12);
  header.writeUInt16BE(WINDOW, 14);
  return ipPacket(from.address, to.address, TCP, Buffer.concat([header, payload]), 16);
}

/**
 * A UDP datagram in an IP packet.
 *
 * @param from where it comes from
 * @param to where it goes, an address of the same family
 * @param payload at most 65507 bytes
 * @returns the packet, with its checksums
 */
export function udpPacket(from: Endpoint, to: Endpoint, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(from.port, 0);
  header.writeUInt16BE(to.port, 2);
  header.writeUInt16BE(8 + payload.length, 4);
  return ipPacket(from.address, to.address, UDP, Buffer.concat([header, payload]), 6);
}

const EMPTY = new Uint8Array();

/** Puts a segment into a packet, and its checksum where it belongs. */
function ipPacket(from: string, to: string, protocol: number, segment: Buffer, checksumAt: number): Buffer {
  const isV6 = isIP(from) === 6;
  const addresses = Buffer.concat([addressBytes(from), addressBytes(to)]);
  // RFC 9293, section 3.1, and RFC 8200, section 8.1: the pseudo header.
  const tail = Buffer.alloc(isV6 ? 8 : 4);
  if (isV6) {
    tail.writeUInt32BE(segment.length, 0);
    tail.writeUInt8(protocol, 7);
  } else {
    tail.writeUInt8(protocol, 1);
    tail.writeUInt16BE(segment.length, 2);
  }
  const sum = checksum(Buffer.concat([addresses, tail, segment]));
  // A UDP checksum of 0 means that there is none (RFC 768).
  segment.writeUInt16BE(sum === 0 && protocol === UDP ? 0xffff : sum, checksumAt);
  if (!isV6) return Buffer.concat([ipv4Header(protocol, segment.length, addresses), segment]);
  return Buffer.concat([ipv6Header(protocol, segment.length), addresses, segment]);
}

/** RFC 791, section 3.1. */
function ipv4Header(protocol: number, length: number, addresses: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + length, 2);
  // Not fragmented.
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(HOPS, 8);
  header.writeUInt8(protocol, 9);
  addresses.copy(header, 12);
  header.writeUInt16BE(checksum(header), 10);
  return header;
}

/** RFC 8200, section 3, up to the addresses. */
function ipv6Header(protocol: number, length: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(0x6000_0000, 0);
  header.writeUInt16BE(length, 4);
  header.writeUInt8(protocol, 6);
  header.writeUInt8(HOPS, 7);
  return header;
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
