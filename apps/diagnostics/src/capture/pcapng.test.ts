import { expect, test } from 'vitest';
import { exportedPdu } from './exported-pdu.js';
import { tcpPacket, udpPacket } from './ip-packets.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from './pcapng.js';

const hex = (...lines: string[]) => Buffer.from(lines.join('').replaceAll(' ', ''), 'hex');

/** The one's complement sum of the 16-bit words (RFC 1071). */
function sumOf(bytes: Buffer): number {
  const even = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
  let sum = 0;
  for (let at = 0; at < even.length; at += 2) sum += even.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum % 0x1_0000) + Math.floor(sum / 0x1_0000);
  return sum;
}

test('section header block (draft-ietf-opsawg-pcapng, section 4.1)', () => {
  expect(Buffer.from(sectionHeader('a7600'))).toEqual(
    hex(
      '0a0d0d0a 2c000000', // type, length
      '4d3c2b1a 0100 0000 ffffffffffffffff', // byte order, version 1.0, length unknown
      '0400 0500 6137363030 000000', // shb_userappl
      '0000 0000', // opt_endofopt
      '2c000000',
    ),
  );
});

test('interface description block (section 4.2)', () => {
  expect(Buffer.from(interfaceDescription(252, 'line', 'AT'))).toEqual(
    hex(
      '01000000 28000000',
      'fc00 0000 00000000', // link type, reserved, no snap length
      '0200 0400 6c696e65', // if_name
      '0300 0200 41540000', // if_description
      '0000 0000',
      '28000000',
    ),
  );
});

test('enhanced packet block (section 4.3), with a time beyond 32 bits, flags and a comment', () => {
  const at = 0x1_0000_0002 / 1_000;
  expect(
    Buffer.from(enhancedPacket({ on: 1, at, bytes: hex('aabbcc'), direction: 'sent', comment: 'x' })),
  ).toEqual(
    hex(
      '06000000 38000000',
      '01000000 01000000 02000000', // interface, time high, time low
      '03000000 03000000 aabbcc00',
      '0100 0100 78000000', // opt_comment
      '0200 0400 02000000', // epb_flags: outbound
      '0000 0000',
      '38000000',
    ),
  );
});

test('tags of the upper PDU export (exported_pdu_tlvs.h)', () => {
  expect(Buffer.from(exportedPdu('at', 'received', hex('4f4b')))).toEqual(
    hex('000c 0004 61740000', '0023 0004 00000001', '0000 0000', '4f4b'),
  );
});

test('a TCP segment in IPv4 (RFC 791, RFC 9293), with checksums that add up', () => {
  const bytes = tcpPacket({
    from: { address: '192.0.2.1', port: 49_153 },
    to: { address: '198.51.100.1', port: 80 },
    sequence: 1,
    acknowledged: 2,
    flags: 0x18,
    payload: Buffer.from('hi!'),
  });
  const packet = Buffer.from(bytes);
  const [ip, tcp] = [packet.readUInt16BE(10), packet.readUInt16BE(36)];
  expect(packet.toString('hex')).toBe(
    hex(
      '4500 002b 0000 4000 4006 0000 c0000201 c6336401',
      'c001 0050 00000001 00000002 5018 ffff 0000 0000 686921',
    )
      .fill(packet.subarray(10, 12), 10, 12)
      .fill(packet.subarray(36, 38), 36, 38)
      .toString('hex'),
  );
  // RFC 1071: with the checksum, all words add up to 0xffff, and so do those of the segment and the pseudo header.
  expect([ip, tcp]).not.toContain(0);
  expect(sumOf(packet.subarray(0, 20))).toBe(0xffff);
  expect(sumOf(Buffer.concat([packet.subarray(12, 20), hex('0006 0017'), packet.subarray(20)]))).toBe(0xffff);
});

test('a UDP datagram in IPv6 (RFC 8200, RFC 768)', () => {
  const packet = Buffer.from(
    udpPacket({ address: '2001:db8::1', port: 5 }, { address: '::1', port: 6 }, hex('ff')),
  );
  expect(packet.subarray(0, 8)).toEqual(hex('60000000 0009 11 40'));
  expect(packet.subarray(8, 24)).toEqual(hex('20010db8 00000000 00000000 00000001'));
  expect(packet.subarray(40, 46)).toEqual(hex('0005 0006 0009'));
  expect(packet).toHaveLength(49);
});
