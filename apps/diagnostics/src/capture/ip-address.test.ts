import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import { ipVersion } from './ip-address.js';

test.each([
  '192.0.2.1',
  '0.0.0.0',
  '255.255.255.255',
  '256.1.1.1',
  '1.2.3',
  '01.2.3.4',
  '::',
  '::1',
  '2001:db8::1',
  '::ffff:1.2.3.4',
  '1:2:3:4:5:6:7',
  ':::',
  'example.com',
  'a:b',
  '',
])('%s is of the version that Node says', (text) => {
  expect(ipVersion(text)).toBe(isIP(text));
});
