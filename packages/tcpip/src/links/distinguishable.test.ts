import { describe, expect, test } from 'vitest';
import { notingHandler, tableRig } from '../../test/link-rig.js';
import { assertDistinguishable, distinguishable, type Newcomer } from './distinguishable.js';
import { sameEndpoint } from './link-handler.js';

const tcp = (host: string, port = 80): Newcomer => ({ kind: 'tcp', remote: { host, port } });
const udp: Newcomer = { kind: 'udp', remote: undefined };

/** What receives in direct push without link numbers, with one link in use. */
function receiving(first: Newcomer) {
  const { table, notes } = tableRig();
  table.claim((link) => notingHandler(link, notes, 'first', first));
  return { receive: 'push', linkInHeader: false, session: { links: table } } as const;
}

describe('data that is pushed without a link number', () => {
  test.each([
    ['TCP connections to two addresses', tcp('1.2.3.4'), tcp('1.2.3.5'), true],
    ['TCP connections to two ports of an address', tcp('1.2.3.4', 80), tcp('1.2.3.4', 81), true],
    ['TCP connections to IPv6 addresses', tcp('2001:db8::1'), tcp('2001:db8::2'), true],
    ['two TCP connections to the same endpoint', tcp('1.2.3.4'), tcp('1.2.3.4'), false],
    ['a TCP connection to a name', tcp('1.2.3.4'), tcp('example.com'), false],
    ['a TCP connection beside one to a name', tcp('example.com'), tcp('1.2.3.4'), false],
    ['a name that begins like an address', tcp('9.9.9.9'), tcp('1.2.3.4.example.com'), false],
    ['a name that ends like an address', tcp('9.9.9.9'), tcp('host-1.2.3.4'), false],
    ['addresses of three digits', tcp('101.102.103.104'), tcp('101.102.103.105'), true],
    [
      'a TCP connection beside a UDP socket with a peer',
      { kind: 'udp', remote: { host: '1.2.3.5', port: 1 } },
      tcp('1.2.3.4'),
      false,
    ],
    ['a UDP socket beside a TCP connection', tcp('1.2.3.4'), udp, false],
    ['a TCP connection beside a UDP socket', udp, tcp('1.2.3.4'), false],
    [
      'a UDP socket with a peer',
      tcp('1.2.3.4'),
      { kind: 'udp', remote: { host: '1.2.3.5', port: 1 } },
      false,
    ],
    ['a TCP connection whose peer is unknown', tcp('1.2.3.4'), { kind: 'tcp', remote: undefined }, false],
  ] as const)('%s', (_, first, second, expected) => {
    expect(distinguishable(receiving(first), second)).toBe(expected);
  });

  test('can always be told for the only link', () => {
    const { table } = tableRig();
    expect(distinguishable({ receive: 'push', linkInHeader: false, session: { links: table } }, udp)).toBe(
      true,
    );
  });
});

test.each([
  ['that is pushed with a link number', { receive: 'push', linkInHeader: true }],
  ['that is read from the buffer', { receive: 'buffer', linkInHeader: false }],
] as const)('data %s can always be told', (_, mode) => {
  expect(distinguishable({ ...receiving(udp), ...mode }, udp)).toBe(true);
});

test('a link whose data could not be told is refused with what to do', () => {
  expect(() => assertDistinguishable(receiving(tcp('1.2.3.4')), tcp('1.2.3.5'))).not.toThrow();
  expect(() => assertDistinguishable(receiving(udp), udp)).toThrow(
    expect.objectContaining({
      code: 'CAPACITY',
      message:
        'In direct push mode this module does not say which link received data belongs to, and the addresses of the ' +
        'peers would not tell either. Use receive: "buffer", or only TCP connections to IP addresses that differ.',
    }),
  );
});

test('an endpoint is the same when host and port are', () => {
  const endpoint = { host: 'a', port: 1 };
  expect(sameEndpoint({ ...endpoint }, endpoint)).toBe(true);
  expect(sameEndpoint({ ...endpoint, port: 2 }, endpoint)).toBe(false);
  expect(sameEndpoint({ ...endpoint, host: 'b' }, endpoint)).toBe(false);
  expect(sameEndpoint(undefined, endpoint)).toBe(false);
});
