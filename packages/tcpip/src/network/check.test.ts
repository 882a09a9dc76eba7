import { NEVER, of, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { observe } from '../../test/world.js';
import { ModemError } from '../base/errors.js';
import type { Session } from '../session/session.js';
import { assertCheck, bearerCheck, type CheckTools, type NetworkCheck } from './check.js';

const NAME: NetworkCheck = { resolve: 'example.com' };
const HOST: NetworkCheck = { connect: { host: '1.2.3.4', port: 80 } };

/** The check, over a network that answers like this. */
function checking(check: NetworkCheck, tools: Partial<CheckTools>) {
  const { scheduler, advance } = virtualTime();
  const session = { scheduler, meter: { checking: <T>(work$: T) => work$ } } as unknown as Session;
  const never = () => NEVER;
  const { probe$, every } = bearerCheck(check, session, { resolve: never, connect: never, ...tools });
  const probe = observe(probe$);
  return { probe, every, advance };
}

describe('a check', () => {
  test.each([
    ['a name', NAME],
    ['a host', HOST],
    ['30 s', { ...NAME, every: 30_000 }],
  ])('of %s can be used', (_, check) => {
    expect(() => assertCheck(check)).not.toThrow();
  });

  test.each([
    ['less than 30 s', { ...NAME, every: 29_999 }, 'every of a check has to be 30000 ms or more.'],
    ['no number', { ...NAME, every: Number.NaN }, 'every of a check'],
    ['no name', { resolve: '' }, 'host'],
    ['no port', { connect: { host: 'a', port: 0 } }, 'port'],
  ])('of %s is refused', (_, check, message) => {
    expect(() => assertCheck(check)).toThrow(message);
  });

  test.each([
    ['the name is found', NAME, { resolve: (host: string) => of(host, host) }],
    ['the host accepts', HOST, { connect: () => of('socket') }],
  ])('has passed when %s', (_, check, tools) => {
    const { probe, every } = checking(check, tools);
    expect([probe.values, probe.end, every]).toEqual([[true], 'complete', 600_000]);
  });

  test('has failed when nothing answers within 30 s', () => {
    const { probe, advance } = checking({ ...NAME, every: 40_000 }, {});
    advance(29_999);
    expect(probe.end).toBe('open');
    advance(1);
    expect(probe.end).not.toBe('open');
    expect(probe.values).toEqual([]);
  });

  test('is left out when no link is free, and fails with every other error', () => {
    const failing = (code: 'CAPACITY' | 'CONNECT_REFUSED') =>
      checking(HOST, { connect: () => throwError(() => new ModemError(code, 'x')) }).probe;
    expect([failing('CAPACITY').values, failing('CAPACITY').end]).toEqual([[], 'complete']);
    expect(failing('CONNECT_REFUSED').end).toMatchObject({ error: { code: 'CONNECT_REFUSED' } });
  });
});
