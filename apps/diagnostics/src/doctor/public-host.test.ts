import { expect, test } from 'vitest';
import { publicHost } from './public-host.js';

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', 'localhost'],
  ['example.com', 'example.com'],
  ['broker.example', 'broker.example'],
  ['198.51.100.7', '198.51.100.7'],
  ['2001:db8::17', '2001:db8::17'],
  ['8.8.8.8', '8.8.8.8'],
  // Another name or address is hidden whole, and does not become the one of another host.
  ['broker.company.com', 'xxxxxx.xxxxxxx.xxx'],
  ['myexample.com', 'xxxxxxxxx.xxx'],
  ['10.20.3.4', '00.00.0.0'],
  ['217.0.43.1', '000.0.00.0'],
  ['2a02:8071::1', '0000:0000::0'],
])('%s is shown as %s', (host, shown) => {
  expect(publicHost(host, '8.8.8.8')).toBe(shown);
});
