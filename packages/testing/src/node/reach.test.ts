import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { reach } from './reach.js';

const failure = (error: { failure?: string }) => error.failure;
const find = (allowed: string[], host: string, port: number) =>
  firstValueFrom(reach(allowed).find({ host, port })).catch(failure);

describe('what the module may reach', () => {
  test.each([
    [[], 'localhost', 1, { host: '127.0.0.1', port: 1 }],
    [[], '127.1.2.3', 1, { host: '127.1.2.3', port: 1 }],
    [[], '::1', 1, { host: '::1', port: 1 }],
    [[], '192.0.2.1', 80, 'unreachable'],
    [['192.0.2.1:80'], '192.0.2.1', 80, { host: '192.0.2.1', port: 80 }],
    [['192.0.2.1:80'], '192.0.2.1', 81, 'unreachable'],
    [['192.0.2.1:*'], '192.0.2.1', 81, { host: '192.0.2.1', port: 81 }],
    [['*:53'], '192.0.2.9', 53, { host: '192.0.2.9', port: 53 }],
    [['[2001:db8::1]:5'], '2001:db8::1', 5, { host: '2001:db8::1', port: 5 }],
    [['[2001:db8::1]:5'], '2001:db8::2', 5, 'unreachable'],
    [[], 'example.com', 80, 'unknown-host'],
    [['example.org:80'], 'example.com', 80, 'unknown-host'],
  ])('with %j listed: %s port %i', async (allowed, host, port, outcome) => {
    expect(await find(allowed, host, port)).toEqual(outcome);
  });

  test('localhost and addresses need no look-up', async () => {
    const { resolve } = reach([]);
    expect(await firstValueFrom(resolve('LOCALHOST'))).toEqual(['127.0.0.1']);
    expect(await firstValueFrom(resolve('192.0.2.1'))).toEqual(['192.0.2.1']);
    expect(await firstValueFrom(resolve('example.com')).catch(failure)).toBe('unknown-host');
  });

  test.each(['example.com', 'a:b:80', 'example.com:http', ''])('%j is no destination', (text) => {
    expect(() => reach([text])).toThrow(/HOST:PORT/);
  });
});
