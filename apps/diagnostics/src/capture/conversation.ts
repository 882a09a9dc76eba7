import { type Endpoint, Flag, tcpPacket, udpPacket } from './ip-packets.js';
import type { Direction } from './pcapng.js';

/** A synthetic packet of a link. */
export interface LinkPacket {
  readonly bytes: Uint8Array;
  readonly direction: Direction;
  /** The number of the link. */
  readonly link: number;
  /** What it stands for. */
  readonly event: 'open' | 'data' | 'close';
  /** Bytes of payload. */
  readonly size: number;
  readonly comment?: string | undefined;
}

/** What one link of the module carried, as packets. */
export interface Conversation {
  /** The connection is made; `by` says from which side. */
  open(by: Direction, comment?: string): LinkPacket[];
  carry(direction: Direction, payload: Uint8Array, comment?: string): LinkPacket[];
  /** The connection has ended: in order, or because something broke. */
  close(by: Direction, how: 'ended' | 'broken', comment?: string): LinkPacket[];
}

/** Payload of one segment: what fits into an Ethernet frame. */
const SEGMENT = 1_460;

/**
 * A TCP connection. Sequence numbers begin with 0; no segment is lost or sent twice.
 *
 * @param link the number of the link
 * @param local the module
 * @param remote the peer
 * @returns makes the segments
 */
export function tcpConversation(link: number, local: Endpoint, remote: Endpoint): Conversation {
  const sent = { sent: 0, received: 0 };
  const segment = (
    event: LinkPacket['event'],
    direction: Direction,
    flags: number,
    payload?: Uint8Array,
    comment?: string,
  ): LinkPacket => {
    const other = direction === 'sent' ? 'received' : 'sent';
    const isAnswer = (flags & Flag.ack) !== 0;
    const bytes = tcpPacket({
      from: direction === 'sent' ? local : remote,
      to: direction === 'sent' ? remote : local,
      sequence: sent[direction],
      acknowledged: isAnswer ? sent[other] : 0,
      flags,
      ...(payload && { payload }),
    });
    sent[direction] += (payload?.length ?? 0) + ((flags & (Flag.syn | Flag.fin)) === 0 ? 0 : 1);
    const size = payload?.length ?? 0;
    return { bytes, direction, link, event, size, comment };
  };
  return {
    open(by, comment) {
      const other = by === 'sent' ? 'received' : 'sent';
      return [
        segment('open', by, Flag.syn, undefined, comment),
        segment('open', other, Flag.syn | Flag.ack),
        segment('open', by, Flag.ack),
      ];
    },
    carry(direction, payload, comment) {
      const packets: LinkPacket[] = [];
      for (let at = 0; at < payload.length; at += SEGMENT) {
        const part = payload.subarray(at, at + SEGMENT);
        packets.push(segment('data', direction, Flag.psh | Flag.ack, part, at === 0 ? comment : undefined));
      }
      return packets;
    },
    close(by, how, comment) {
      if (how === 'broken') return [segment('close', by, Flag.rst | Flag.ack, undefined, comment)];
      const other = by === 'sent' ? 'received' : 'sent';
      return [
        segment('close', by, Flag.fin | Flag.ack, undefined, comment),
        segment('close', other, Flag.fin | Flag.ack),
        segment('close', by, Flag.ack),
      ];
    },
  };
}

/**
 * A UDP socket that talks to one peer at a time.
 *
 * @param link the number of the link
 * @param local the module
 * @param peer whom it talks to now
 * @returns makes the datagrams
 */
export function udpConversation(link: number, local: Endpoint, peer: () => Endpoint): Conversation {
  return {
    open: () => [],
    close: () => [],
    carry(direction, payload, comment) {
      const [from, to] = direction === 'sent' ? [local, peer()] : [peer(), local];
      const bytes = udpPacket(from, to, payload);
      return [{ bytes, direction, link, event: 'data', size: payload.length, comment }];
    },
  };
}
