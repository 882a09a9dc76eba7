import { joinChunks } from '@a7600/at-codec';
import type { Direction } from './pcapng.js';

/** Tags of Wireshark's upper PDU export (`exported_pdu_tlvs.h`). */
const Tag = { end: 0, dissector: 12, direction: 35 } as const;
const SENT = 0;
const RECEIVED = 1;

/**
 * A packet of link type 252 that Wireshark gives to one of its dissectors.
 *
 * @param dissector its name: `at`, `data`
 * @param direction of the bytes, seen from this computer
 * @param bytes what the dissector gets
 * @returns tags and bytes; all numbers big-endian
 */
export function exportedPdu(dissector: string, direction: Direction, bytes: Uint8Array): Uint8Array {
  const name = new Uint8Array(Math.ceil(dissector.length / 4) * 4);
  name.set(new TextEncoder().encode(dissector));
  const way = Uint8Array.of(0, 0, 0, direction === 'sent' ? SENT : RECEIVED);
  return joinChunks([
    tag(Tag.dissector, name),
    tag(Tag.direction, way),
    tag(Tag.end, new Uint8Array()),
    bytes,
  ]);
}

function tag(type: number, value: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4));
  header.setUint16(0, type);
  header.setUint16(2, value.length);
  return joinChunks([new Uint8Array(header.buffer), value]);
}
