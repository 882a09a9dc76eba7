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
  return Uint8Array.of((kind << 4) | flags, ...length, ...body);
}

/** A text or octets with their length before them. */
export function field(content: Uint8Array | string): number[] {
  const octets =
    typeof content === 'string' ? Uint8Array.from(content, (each) => each.charCodeAt(0) & 0xff) : content;
  return [octets.length >> 8, octets.length & 0xff, ...octets];
}

export function word(value: number): number[] {
  return [value >> 8, value & 0xff];
}

/** Takes the packets out of a byte stream. */
export class PacketReader {
  private bytes = new Uint8Array();

  push(bytes: Uint8Array): Packet[] {
    this.bytes = Uint8Array.of(...this.bytes, ...bytes);
    const packets: Packet[] = [];
    for (let packet = this.next(); packet !== undefined; packet = this.next()) packets.push(packet);
    return packets;
  }

  private next(): Packet | undefined {
    let length = 0;
    for (let at = 1; at <= 4; at++) {
      const digit = this.bytes[at];
      if (digit === undefined) return undefined;
      length |= (digit & 0x7f) << (7 * (at - 1));
      if (digit & 0x80) continue;
      const end = at + 1 + length;
      if (this.bytes.length < end) return undefined;
      const first = this.bytes[0] ?? 0;
      const body = this.bytes.slice(at + 1, end);
      this.bytes = this.bytes.slice(end);
      return { kind: first >> 4, flags: first & 15, body };
    }
    return undefined;
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
