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
export function exportedPdu(dissector: string, direction: Direction, bytes: Uint8Array): Buffer {
  const name = Buffer.alloc(Math.ceil(dissector.length / 4) * 4);
  name.write(dissector);
  const way = Buffer.alloc(4);
  way.writeUInt32BE(direction === 'sent' ? SENT : RECEIVED);
  return Buffer.concat([
    tag(Tag.dissector, name),
    tag(Tag.direction, way),
    tag(Tag.end, Buffer.alloc(0)),
    bytes,
  ]);
}

function tag(type: number, value: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value]);
}
