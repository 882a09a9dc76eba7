import { AtError, type Command } from '@a7600/at-codec';
import { NEVER, of, Subject, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { observe } from '../../test/world.js';
import { ModemError, type ModemErrorCode } from '../base/errors.js';
import type { Session } from '../session/session.js';
import { NAME_SERVERS } from '../watch/bearer-evidence.js';
import { assertCheck, bearerCheck, type CheckTools, type NetworkCheck } from './check.js';

const NAME: NetworkCheck = { resolve: 'example.com' };
const HOST: NetworkCheck = { connect: { host: '1.2.3.4', port: 80 } };

/** `+CDNSGIP: 0,10`: no answer to a name that does not exist (application note, 4.1). */
const refused = (number: number) => new AtError('SOCKET_ERROR', 'x', { number });

/** The check, over a network that answers like this. */
function checking(check: NetworkCheck, tools: Partial<CheckTools>) {
  const { scheduler, advance } = virtualTime();
  const asked: string[] = [];
  const lane = {
    run: ({ text }: Command) => {
      asked.push(text);
      return throwError(() => refused(10));
    },
  };
  const session = { scheduler, lane, meter: { checking: <T>(work$: T) => work$ } } as unknown as Session;
  const never = () => NEVER;
  const made = bearerCheck(check, session, { resolve: never, connect: never, ...tools });
  return { ...made, probe: observe(made.probe$), asked, scheduler, advance };
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

  test('says what it asks, and who has to answer', () => {
    expect(checking(NAME, {})).toMatchObject({ what: 'looking up "example.com"', host: NAME_SERVERS });
    expect(checking(HOST, {})).toMatchObject({ what: 'connecting to 1.2.3.4:80', host: '1.2.3.4' });
  });

  /** How it ends when it is refused with that code after so many ms. */
  const refusedAfter = (code: ModemErrorCode, time: number) => {
    const refusal$ = new Subject<never>();
    const { probe, advance } = checking(HOST, { connect: () => refusal$ });
    advance(time);
    refusal$.error(new ModemError(code, 'x'));
    return probe;
  };

  test.each(['CONNECT_REFUSED', 'NAME_NOT_FOUND'] as const)(
    'has passed with a quick %s, which is an answer',
    (code) => {
      expect(refusedAfter(code, 4_999)).toMatchObject({ values: [true], end: 'complete' });
      expect(refusedAfter(code, 5_000).end).toMatchObject({ error: { code } });
    },
  );

  test.each(['CAPACITY', 'ADDRESS_REFUSED', 'CLOSED'] as const)(
    'is left out with %s, however late',
    (code) => {
      expect(refusedAfter(code, 4_999)).toMatchObject({ values: [], end: 'complete' });
      expect(refusedAfter(code, 20_000)).toMatchObject({ values: [], end: 'complete' });
    },
  );

  test('has failed with what comes later', () => {
    expect(refusedAfter('PEER_TIMEOUT', 20_000).end).toMatchObject({ error: { code: 'PEER_TIMEOUT' } });
  });

  test('by connection asks the name servers for a name that does not exist; that answer is one', () => {
    const { lookup$, asked } = checking(HOST, {});
    expect(observe(lookup$ ?? NEVER)).toMatchObject({ values: [true], end: 'complete' });
    expect(asked).toEqual(['AT+CDNSGIP="a7600-check.invalid"']);
    expect(checking(NAME, {}).lookup$).toBeUndefined();
  });
});
