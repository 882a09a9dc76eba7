import { joinChunks } from '@a7600/at-codec';
import { addressBytes, ipVersion } from './ip-address.js';

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
export function tcpPacket({ from, to, sequence, acknowledged, flags, payload = EMPTY }: Segment): Uint8Array {
  const header = new DataView(new ArrayBuffer(20));
  header.setUint16(0, from.port);
  header.setUint16(2, to.port);
  header.setUint32(4, sequence);
  header.setUint32(8, acknowledged);
  header.setUint16(12, (5 << 12) | flags);
  header.setUint16(14, WINDOW);
  return ipPacket(from.address, to.address, TCP, joinChunks([bytesOf(header), payload]), 16);
}

/**
 * A UDP datagram in an IP packet.
 *
 * @param from where it comes from
 * @param to where it goes, an address of the same family
 * @param payload at most 65507 bytes
 * @returns the packet, with its checksums
 */
export function udpPacket(from: Endpoint, to: Endpoint, payload: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(8));
  header.setUint16(0, from.port);
  header.setUint16(2, to.port);
  header.setUint16(4, 8 + payload.length);
  return ipPacket(from.address, to.address, UDP, joinChunks([bytesOf(header), payload]), 6);
}

const EMPTY = new Uint8Array();

/** Puts a segment into a packet, and its checksum where it belongs. */
function ipPacket(
  from: string,
  to: string,
  protocol: number,
  segment: Uint8Array,
  checksumAt: number,
): Uint8Array {
  const isV6 = ipVersion(from) === 6;
  const addresses = joinChunks([addressBytes(from), addressBytes(to)]);
  // RFC 9293, section 3.1, and RFC 8200, section 8.1: the pseudo header.
  const tail = new DataView(new ArrayBuffer(isV6 ? 8 : 4));
  if (isV6) {
    tail.setUint32(0, segment.length);
    tail.setUint8(7, protocol);
  } else {
    tail.setUint8(1, protocol);
    tail.setUint16(2, segment.length);
  }
  const sum = checksum(joinChunks([addresses, bytesOf(tail), segment]));
  // A UDP checksum of 0 means that there is none (RFC 768).
  const sent = sum === 0 && protocol === UDP ? 0xffff : sum;
  new DataView(segment.buffer, segment.byteOffset).setUint16(checksumAt, sent);
  if (!isV6) return joinChunks([ipv4Header(protocol, segment.length, addresses), segment]);
  return joinChunks([ipv6Header(protocol, segment.length), addresses, segment]);
}

/** RFC 791, section 3.1. */
function ipv4Header(protocol: number, length: number, addresses: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(20));
  header.setUint8(0, 0x45);
  header.setUint16(2, 20 + length);
  // Not fragmented.
  header.setUint16(6, 0x4000);
  header.setUint8(8, HOPS);
  header.setUint8(9, protocol);
  bytesOf(header).set(addresses, 12);
  header.setUint16(10, checksum(bytesOf(header)));
  return bytesOf(header);
}

/** RFC 8200, section 3, up to the addresses. */
function ipv6Header(protocol: number, length: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(8));
  header.setUint32(0, 0x6000_0000);
  header.setUint16(4, length);
  header.setUint8(6, protocol);
  header.setUint8(7, HOPS);
  return bytesOf(header);
}

/** RFC 1071. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function bytesOf({ buffer }: DataView<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer);
}
