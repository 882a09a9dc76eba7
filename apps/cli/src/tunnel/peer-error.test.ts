import { describe, expect, test } from 'vitest';
import { EMULATED_REACH, peerError } from './peer-error.js';

const PEER = { host: 'example.com', port: 80 };
const failed = (
  code: string,
  syscall?: string,
  message = `${syscall} ${code} example.com:80`,
  cause?: Error,
) => Object.assign(new Error(message, { cause }), { code, ...(syscall !== undefined && { syscall }) });
const lost = Object.assign(new Error('The network was lost. Open it again.'), { code: 'NETWORK_LOST' });

describe('an error of a socket says what was tried, what happened and what to do', () => {
  test.each([
    [
      failed('ECONNREFUSED', 'connect'),
      'Cannot connect to example.com:80: it refused, or is not there; the module does not say which. Check host and port, and that a server runs there.',
    ],
    [
      failed('ENOTFOUND', 'getaddrinfo'),
      'Cannot connect to example.com:80: the name server of the mobile network does not know the name. Check it.',
    ],
    [
      failed('EMFILE', 'connect', 'connect EMFILE example.com:80: All links are in use. Close one.'),
      'Cannot connect to example.com:80: All links are in use. Close one.',
    ],
    [
      failed('ETIMEDOUT', 'connect', 'connect ETIMEDOUT example.com:80: no link became free in time'),
      'Cannot connect to example.com:80: no link became free in time.',
    ],
    [failed('EIO', 'connect'), 'Cannot connect to example.com:80: the module reported EIO.'],
    [
      failed('EIO', 'connect', 'connect EIO', lost),
      'Cannot connect to example.com:80: The network was lost. Open it again.',
    ],
    [failed('ENETDOWN', 'send'), 'Cannot send to example.com:80: the mobile network is down. Try again.'],
    [
      failed('ECONNRESET', 'read'),
      'The connection with example.com:80 broke: the peer, or the network between, has ended it.',
    ],
    [
      failed('ECONNRESET', 'read', 'read ECONNRESET', lost),
      'The connection with example.com:80 broke: The network was lost. Open it again.',
    ],
    // In transparent mode the SDK's own errors come.
    [
      failed('CONNECT_REFUSED', undefined, 'The module …'),
      'Cannot connect to example.com:80: it refused, or is not there; the module does not say which. Check host and port, and that a server runs there.',
    ],
  ])('%s', (error, message) => {
    const told = peerError(error, PEER);
    expect(told.message).toBe(message);
    expect(told).toMatchObject({ cause: error });
    expect(peerError(told, PEER)).toBe(told);
  });

  test('an address of IPv6 stands in brackets', () => {
    const told = peerError(failed('ETIMEDOUT', 'connect', ''), { host: '2001:db8::1', port: 80 });
    expect(told.message).toMatch(/^Cannot connect to \[2001:db8::1\]:80: it did not answer in time/);
  });
});

describe('an emulated module', () => {
  test('says what it reaches, where something else was wanted', () => {
    expect(peerError(failed('ENOTFOUND', 'getaddrinfo'), PEER, EMULATED_REACH).message).toBe(
      `Cannot connect to example.com:80: the name server of the mobile network does not know the name. ${EMULATED_REACH}`,
    );
  });

  test.each([
    ['localhost', failed('ECONNREFUSED', 'connect')],
    ['127.0.0.1', failed('ECONNREFUSED', 'connect')],
    ['a"b', failed('EINVAL', 'connect')],
    ['example.com', failed('ECONNRESET', 'read')],
  ])('does not say so where that is not the reason: %s', (host, error) => {
    expect(peerError(error, { host, port: 80 }, EMULATED_REACH).message).not.toContain(EMULATED_REACH);
  });
});

test('another error stays what it is', () => {
  for (const error of [new Error('The TLS handshake failed.'), failed('SIM_MISSING')]) {
    expect(peerError(error, PEER, EMULATED_REACH)).toBe(error);
  }
});
