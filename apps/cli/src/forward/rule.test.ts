import { describe, expect, test } from 'vitest';
import { exposure, parseRule } from './rule.js';

describe('parseRule', () => {
  test.each([
    ['8080:example.com:80', '127.0.0.1', 8080, 'example.com', 80],
    ['0.0.0.0:8080:example.com:80', '0.0.0.0', 8080, 'example.com', 80],
    ['*:8080:example.com:80', '0.0.0.0', 8080, 'example.com', 80],
    ['[::1]:8080:[2001:db8::1]:80', '::1', 8080, '2001:db8::1', 80],
    ['5432:127.0.0.1:5432', '127.0.0.1', 5432, '127.0.0.1', 5432],
  ])('%s', (text, bind, port, host, hostPort) => {
    expect(parseRule('local', text)).toEqual({ kind: 'local', bind, port, host, hostPort });
  });

  test.each([
    ['', /is not \[BIND:\]PORT:HOST:HOSTPORT/],
    ['8080', /is not \[BIND:\]PORT:HOST:HOSTPORT/],
    ['8080:example.com', /is not \[BIND:\]PORT:HOST:HOSTPORT/],
    ['8080:example.com:80:', /is not a port/],
    ['8080::80', /is not \[BIND:\]PORT:HOST:HOSTPORT/],
    ['1:2:3:4:5', /is not \[BIND:\]PORT:HOST:HOSTPORT/],
    ['0:example.com:80', /'0' in '0:example.com:80' is not a port/],
    ['http:example.com:80', /'http' in .* is not a port/],
    ['8080:example.com:65536', /'65536' in .* is not a port/],
    ['8080:[::1:80', /bracket or colon in the wrong place/],
  ])("says what is wrong with '%s'", (text, message) => {
    expect(() => parseRule('local', text)).toThrow(message);
  });
});

test.each([
  ['local', '8080:example.com:80', undefined],
  ['local', 'localhost:8080:example.com:80', undefined],
  ['local', '[::1]:8080:example.com:80', undefined],
  ['local', '*:8080:example.com:80', /^Everybody who reaches 0\.0\.0\.0/],
  ['local', '[::]:8080:example.com:80', /^Everybody who reaches ::/],
  ['local', '192.168.1.2:8080:example.com:80', /^Everybody who reaches 192/],
  ['remote', '8080:127.0.0.1:80', undefined],
  ['remote', '8080:localhost:80', undefined],
  ['remote', '8080:192.168.1.2:80', /could connect to 192\.168\.1\.2/],
  ['remote', '8080:printer:80', /could connect to printer/],
] as const)('exposure of a %s rule %s', (kind, text, expected) => {
  const said = exposure(parseRule(kind, text));
  if (expected === undefined) expect(said).toBeUndefined();
  else expect(said).toMatch(expected);
});
