import { joined } from './bytes.js';

/** Kinds of packets of MQTT 3.1.1, 2.2.1. */
export const PACKET = {
  connect: 1,
  connectAcknowledged: 2,
  publish: 3,
  published: 4,
  received: 5,
  release: 6,
  complete: 7,
  subscribe: 8,
  subscribed: 9,
  unsubscribe: 10,
  unsubscribed: 11,
  ping: 12,
  pong: 13,
  disconnect: 14,
} as const;

/** A packet: its kind, the four flags of its first byte, and what follows its length. */
export interface Packet {
  readonly kind: number;
  readonly flags: number;
  readonly body: Uint8Array;
}

/** A message with its topic, as UTF-8. */
export interface Publication {
  readonly topic: Uint8Array;
  readonly payload: Uint8Array;
  readonly qos: number;
  readonly retained: boolean;
}

/** The octets of a packet; its length is coded in sevens of bits (2.2.3). */
export function printPacket({ kind, flags, body }: Packet): Uint8Array {
  const length: number[] = [];
  let rest = body.length;
  do {
    const digit = rest & 0x7f;
    rest >>= 7;
    length.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  const octets = new Uint8Array(1 + length.length + body.length);
  octets.set([(kind << 4) | flags, ...length]);
  octets.set(body, 1 + length.length);
  return octets;
}

/** A text or octets with their length before them. */
export function field(content: Uint8Array | string): Uint8Array {
  const octets =
    typeof content === 'string' ? Uint8Array.from(content, (each) => each.charCodeAt(0) & 0xff) : content;
  return joined(word(octets.length), octets);
}

export function word(value: number): number[] {
  return [value >> 8, value & 0xff];
}

/** Longest packet that the module takes; what announces more breaks the stream. */
export const MAX_PACKET = 1_048_576;

/** Digits that code a length (2.2.3). */
const LENGTH_DIGITS = 4;

/** Takes the packets out of a byte stream. */
export class PacketReader {
  private bytes: Uint8Array = new Uint8Array();
  private wrong = false;

  /** What came is no MQTT, or a packet that is too long: nothing more can be read. */
  get broken(): boolean {
    return this.wrong;
  }

  /** Takes bytes; returns the packets that they complete. */
  push(bytes: Uint8Array): Packet[] {
    if (this.wrong) return [];
    this.bytes = this.bytes.length === 0 ? bytes : joined(this.bytes, bytes);
    const packets: Packet[] = [];
    for (let packet = this.next(); packet !== undefined; packet = this.next()) packets.push(packet);
    return packets;
  }

  private next(): Packet | undefined {
    let length = 0;
    for (let at = 1; at <= LENGTH_DIGITS; at++) {
      const digit = this.bytes[at];
      if (digit === undefined) return undefined;
      length |= (digit & 0x7f) << (7 * (at - 1));
      if (digit & 0x80) continue;
      return length > MAX_PACKET ? this.giveUp() : this.packet(at + 1, length);
    }
    return this.giveUp();
  }

  private packet(from: number, length: number): Packet | undefined {
    const end = from + length;
    if (this.bytes.length < end) return undefined;
    const first = this.bytes[0] ?? 0;
    const body = this.bytes.slice(from, end);
    this.bytes = this.bytes.subarray(end);
    return { kind: first >> 4, flags: first & 15, body };
  }

  private giveUp(): undefined {
    this.wrong = true;
    this.bytes = new Uint8Array();
  }
}

/** The number of a packet that is acknowledged. */
export function numberOf(body: Uint8Array, at = 0): number {
  return ((body[at] ?? 0) << 8) | (body[at + 1] ?? 0);
}

/** What a PUBLISH carries, and its number where it has one (3.3). */
export function publicationIn({ flags, body }: Packet): Publication & { readonly id: number } {
  const topicEnd = 2 + numberOf(body);
  const qos = (flags >> 1) & 3;
  const payloadAt = qos > 0 ? topicEnd + 2 : topicEnd;
  return {
    topic: body.slice(2, topicEnd),
    payload: body.slice(payloadAt),
    qos,
    retained: (flags & 1) === 1,
    id: qos > 0 ? numberOf(body, topicEnd) : 0,
  };
}
