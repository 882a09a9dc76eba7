import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAddress, decodeDatagram, encodeDatagram, encodeReply, Reply, replyFor } from './socks5.js';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('replies (RFC 1928, section 6: VER REP RSV ATYP BND.ADDR BND.PORT)', () => {
  test.each([
    ['without an address', { host: '0.0.0.0', port: 0 }, '05 00 00 01 00000000 0000'],
    ['IPv4', { host: '192.0.2.1', port: 1080 }, '05 00 00 01 c0000201 0438'],
    ['IPv6', { host: '2001:db8::1', port: 80 }, '05 00 00 04 20010db8000000000000000000000001 0050'],
    [
      'IPv4 in IPv6',
      { host: '::ffff:1.2.3.4', port: 80 },
      '05 00 00 04 00000000000000000000ffff01020304 0050',
    ],
    ['a name', { host: 'ab.c', port: 443 }, '05 00 00 03 04 61622e63 01bb'],
  ])('%s', (_, bound, bytes) => {
    expect(encodeReply(Reply.succeeded, bound)).toEqual(hex(bytes));
  });

  test.each([
    ['ECONNREFUSED', 5],
    ['ENETDOWN', 3],
    ['ENOTFOUND', 4],
    ['ETIMEDOUT', 4],
    ['EMFILE', 1],
  ])('%s is %i', (code, reply) => {
    expect(replyFor(Object.assign(new Error(code), { code }))).toBe(reply);
    expect(encodeReply(replyFor(Object.assign(new Error(code), { code })))[1]).toBe(reply);
  });
});

describe('addresses (RFC 1928, section 5)', () => {
  test.each([
    [1, 'c0000201 0438', { host: '192.0.2.1', port: 1080 }],
    [3, '04 61622e63 01bb', { host: 'ab.c', port: 443 }],
    [3, '05 5b3a3a315d 01bb', { host: '::1', port: 443 }],
    [4, '20010db8000000000000000000000001 0050', { host: '2001:db8::1', port: 80 }],
    [3, '03 612262 0050', undefined],
    [3, '03 610d0a 0050', undefined],
    [3, '00 0050', undefined],
  ])('type %i, %s', (type, bytes, target) => {
    expect(decodeAddress(type, hex(bytes))).toEqual(target);
  });
});

describe('datagrams (RFC 1928, section 7: RSV RSV FRAG ATYP DST.ADDR DST.PORT DATA)', () => {
  test('reads one', () => {
    expect(decodeDatagram(hex('0000 00 03 04 61622e63 0035 ff00'))).toEqual({
      to: { host: 'ab.c', port: 53 },
      payload: hex('ff00'),
    });
  });

  test.each([
    ['a fragment', '0000 01 01 7f000001 0035 ff'],
    ['an unknown address type', '0000 00 02 7f000001 0035 ff'],
    ['a cut address', '0000 00 01 7f0000'],
    ['a cut name', '0000 00 03 09 6162'],
    ['no header', '00'],
    ['a reserved field in use', '0001 00 01 7f000001 0035 ff'],
  ])('drops %s', (_, bytes) => {
    expect(decodeDatagram(hex(bytes))).toBeUndefined();
  });

  test('gives back what was encoded, and never throws', () => {
    const host = fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((text) => new URL(`http://[${text}]`).hostname.slice(1, -1)),
    );
    const target = fc.record({ host, port: fc.integer({ min: 0, max: 65_535 }) });
    fc.assert(
      fc.property(target, fc.uint8Array(), (to, bytes) => {
        const payload = Buffer.from(bytes);
        expect(decodeDatagram(encodeDatagram(to, payload))).toEqual({ to, payload });
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void decodeDatagram(Buffer.from(bytes))),
    );
  });
});
