/** Numbers of link types (tcpdump.org/linktypes.html). */
export const LinkType = { rawIp: 101, upperPdu: 252 } as const;

/** Which way a packet went, for `epb_flags`. */
export type Direction = 'received' | 'sent';

/** A packet of a capture. */
export interface Packet {
  /** Index of its interface, in the order of their descriptions. */
  readonly on: number;
  /** Time in ms since 1970; fractions count to the microsecond. */
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly direction?: Direction | undefined;
  /** Shown by Wireshark beside the packet. */
  readonly comment?: string | undefined;
}

/** Block types and options of draft-ietf-opsawg-pcapng, sections 3.5 and 4. */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const Options = {
  end: 0,
  comment: 1,
  interfaceName: 2,
  interfaceDescription: 3,
  packetFlags: 2,
  application: 4,
};
const BYTE_ORDER = 0x1a2b3c4d;

/**
 * The block that begins a file (section 4.1): version 1.0, a section of unknown length.
 *
 * @param application the name of the program that writes the file
 * @returns its bytes
 */
export function sectionHeader(application: string): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(BYTE_ORDER, 0);
  body.writeUInt16LE(1, 4);
  body.writeBigInt64LE(-1n, 8);
  return block(SECTION_HEADER, body, [[Options.application, Buffer.from(application)]]);
}

/**
 * The block that describes an interface (section 4.2); times are in microseconds, packets are not cut.
 *
 * @param linkType what its packets begin with
 * @param name a short name
 * @param description what passes there
 * @returns its bytes
 */
export function interfaceDescription(linkType: number, name: string, description: string): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(linkType, 0);
  return block(INTERFACE_DESCRIPTION, body, [
    [Options.interfaceName, Buffer.from(name)],
    [Options.interfaceDescription, Buffer.from(description)],
  ]);
}

/**
 * The block of one packet (section 4.3).
 *
 * @param packet see {@link Packet}
 * @returns its bytes
 */
export function enhancedPacket({ on, at, bytes, direction, comment }: Packet): Buffer {
  const body = Buffer.alloc(20);
  const time = BigInt(Math.round(at * 1_000));
  body.writeUInt32LE(on, 0);
  body.writeUInt32LE(Number(time >> 32n), 4);
  body.writeUInt32LE(Number(time & 0xffff_ffffn), 8);
  body.writeUInt32LE(bytes.length, 12);
  body.writeUInt32LE(bytes.length, 16);
  const options: [number, Buffer][] = [];
  if (comment !== undefined) options.push([Options.comment, Buffer.from(comment)]);
  if (direction !== undefined) {
    const flags = Buffer.alloc(4);
    // Section 4.3.1: the lowest two bits, 1 is inbound and 2 outbound.
    flags.writeUInt32LE(direction === 'received' ? 1 : 2);
    options.push([Options.packetFlags, flags]);
  }
  return block(ENHANCED_PACKET, Buffer.concat([body, padded(bytes)]), options);
}

/** Section 3.1: type, length, body, options, and the length again. */
function block(type: number, body: Uint8Array, options: readonly [code: number, value: Buffer][]): Buffer {
  const parts = options.flatMap(([code, value]) => [pair(code, value.length), padded(value)]);
  if (parts.length > 0) parts.push(pair(Options.end, 0));
  const content = Buffer.concat([body, ...parts]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length + 12);
  const header = Buffer.alloc(4);
  header.writeUInt32LE(type);
  return Buffer.concat([header, length, content, length]);
}

function pair(first: number, second: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(first, 0);
  bytes.writeUInt16LE(second, 2);
  return bytes;
}

/** Filled up to a multiple of four bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)]);
}
