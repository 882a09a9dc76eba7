import { joinChunks } from '@a7600/at-codec';

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
const VERSION = 1;
/** The length of a section that is written while it grows: -1, in two halves. */
const UNKNOWN = 0xffff_ffff;
const HALF = 2 ** 32;

/**
 * The block that begins a file (section 4.1): version 1.0, a section of unknown length.
 *
 * @param application the name of the program that writes the file
 * @returns its bytes
 */
export function sectionHeader(application: string): Uint8Array {
  const body = joinChunks([words(BYTE_ORDER), halfWords(VERSION, 0), words(UNKNOWN, UNKNOWN)]);
  return block(SECTION_HEADER, body, [[Options.application, utf8(application)]]);
}

/**
 * The block that describes an interface (section 4.2); times are in microseconds, packets are not cut.
 *
 * @param linkType what its packets begin with
 * @param name a short name
 * @param description what passes there
 * @returns its bytes
 */
export function interfaceDescription(linkType: number, name: string, description: string): Uint8Array {
  return block(INTERFACE_DESCRIPTION, joinChunks([halfWords(linkType, 0), words(0)]), [
    [Options.interfaceName, utf8(name)],
    [Options.interfaceDescription, utf8(description)],
  ]);
}

/**
 * The block of one packet (section 4.3).
 *
 * @param packet see {@link Packet}
 * @returns its bytes
 */
export function enhancedPacket({ on, at, bytes, direction, comment }: Packet): Uint8Array {
  const microseconds = Math.round(at * 1_000);
  const body = words(on, Math.floor(microseconds / HALF), microseconds % HALF, bytes.length, bytes.length);
  const options: [number, Uint8Array][] = [];
  if (comment !== undefined) options.push([Options.comment, utf8(comment)]);
  // Section 4.3.1: the lowest two bits, 1 is inbound and 2 outbound.
  if (direction !== undefined) options.push([Options.packetFlags, words(direction === 'received' ? 1 : 2)]);
  return block(ENHANCED_PACKET, joinChunks([body, padded(bytes)]), options);
}

/** Section 3.1: type, length, body, options, and the length again. */
function block(
  type: number,
  body: Uint8Array,
  options: readonly [code: number, value: Uint8Array][],
): Uint8Array {
  const parts = options.flatMap(([code, value]) => [halfWords(code, value.length), padded(value)]);
  if (parts.length > 0) parts.push(halfWords(Options.end, 0));
  const content = joinChunks([body, ...parts]);
  const length = words(content.length + 12);
  return joinChunks([words(type), length, content, length]);
}

/** Little-endian numbers of four bytes each. */
function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value, true);
  return new Uint8Array(view.buffer);
}

/** Little-endian numbers of two bytes each. */
function halfWords(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  for (const [index, value] of values.entries()) view.setUint16(2 * index, value, true);
  return new Uint8Array(view.buffer);
}

/** Filled up to a multiple of four bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : joinChunks([bytes, new Uint8Array(4 - rest)]);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
