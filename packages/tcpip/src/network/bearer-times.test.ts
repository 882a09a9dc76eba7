import { AtError, type Command } from '@a7600/at-codec';
import { defer, EMPTY, NEVER, type Observable, of, Subject, throwError } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import type { ModemError } from '../base/errors.js';
import type { Session } from '../session/session.js';
import { BearerEvidence } from '../watch/bearer-evidence.js';
import { type BearerCheck, BearerWatch } from './bearer-watch.js';

const MUTE = 60_000;
const EVERY = 300_000;
const QUESTIONS = ['AT+NETOPEN?', 'AT+CEREG?', 'AT+CSQ'];

/** What the module answers; what it is not told, it refuses. */
type Answers = Readonly<Record<string, unknown>>;
const WELL: Answers = { 'AT+NETOPEN?': true, 'AT+CEREG?': { stat: 1 }, 'AT+CSQ': { rssi: 17 } };

/** A watch alone, started: what it asks the module, and the errors that it ends the network with. */
function rig(probe$?: Observable<unknown>, lookup$?: Observable<unknown>) {
  const { scheduler, advance } = virtualTime();
  const bearer = new BearerEvidence(() => scheduler.now());
  const asked: string[] = [];
  const stalled: ModemError[] = [];
  const reported: unknown[] = [];
  const module = { answers: WELL, line: { takesCommands: true }, probes: 0 };
  const run = <R>({ text }: Command<R>): Observable<R> =>
    defer(() => {
      asked.push(text);
      const answer = module.answers[text];
      if (answer instanceof Subject) return answer as Subject<R>;
      return answer === undefined ? throwError(() => new AtError('REFUSED', 'no')) : of(answer as R);
    });
  const check: BearerCheck | undefined = probe$ && {
    every: EVERY,
    what: 'connecting to peer:80',
    host: 'peer',
    ...(lookup$ && { lookup$ }),
    probe$: defer(() => {
      module.probes += 1;
      return probe$;
    }),
  };
  const session = {
    ...{ scheduler, bearer, lane: { run }, line: module.line },
    report: (discrepancy: unknown) => reported.push(discrepancy),
  } as unknown as Session;
  const watch = new BearerWatch(session, check, (error) => {
    stalled.push(error);
    watch.stop();
  });
  const fail = (...hosts: readonly string[]) => {
    for (const host of hosts) bearer.failed(host);
  };
  watch.start();
  return { session, scheduler, bearer, asked, stalled, reported, module, watch, advance, fail };
}

describe('without a check', () => {
  let { session, scheduler, bearer, asked, stalled, module, watch, advance, fail } = rig();
  beforeEach(() => {
    ({ session, scheduler, bearer, asked, stalled, module, watch, advance, fail } = rig());
  });

  test('two mute hosts end the network when nothing has passed for 60 s, and not before', () => {
    advance(10_000);
    fail('a', 'b');
    advance(MUTE - 10_001);
    expect([asked, stalled]).toEqual([[], []]);
    advance(1);
    expect(asked).toEqual(QUESTIONS);
    expect(stalled).toMatchObject([
      {
        code: 'BEARER_STALLED',
        message:
          'No data has passed for 60 s (2 hosts did not answer), although the module says that it is registered ' +
          '(signal 17 of 31) and that its network is open. Attach it again (AT+CGATT), which keepOnline does; ask ' +
          'the provider of the SIM if it stays so.',
      },
    ]);
    expect(scheduler.actions).toEqual([]);
  });

  test('the second host that is mute after a minute ends it at once', () => {
    advance(MUTE);
    fail('a');
    expect(asked).toEqual([]);
    fail('b');
    expect(stalled).toHaveLength(1);
  });

  test('hosts that were mute before the network was opened do not count', () => {
    watch.stop();
    fail('a', 'b');
    new BearerWatch(session, undefined, () => {}).start();
    expect(bearer.failedHosts).toBe(0);
  });

  test('data that passes meanwhile starts the minute again', () => {
    fail('a', 'b');
    advance(30_000);
    bearer.passed();
    advance(1_000);
    fail('a', 'b');
    advance(MUTE - 1_001);
    expect(asked).toEqual([]);
    advance(1);
    expect(stalled).toHaveLength(1);
  });

  test('further failures while the module is asked cause no further questions', () => {
    module.answers = { ...WELL, 'AT+NETOPEN?': NEVER_ANSWERED };
    advance(MUTE);
    fail('a', 'b', 'c', 'd');
    expect(asked).toEqual(['AT+NETOPEN?']);
  });

  test.each<[string, Answers, boolean]>([
    ['the network is closed, which is another cause', { ...WELL, 'AT+NETOPEN?': false }, false],
    ['it does not say whether the network is open', { ...WELL, 'AT+NETOPEN?': undefined }, false],
    ['no registration can carry data', { ...WELL, 'AT+CEREG?': { stat: 2 } }, false],
    ['another registration can', { ...WELL, 'AT+CEREG?': { stat: 2 }, 'AT+CGREG?': { stat: 5 } }, true],
    ['it refuses two of the three', { ...WELL, 'AT+CEREG?': undefined, 'AT+CREG?': { stat: 1 } }, true],
    ['it does not tell its signal', { ...WELL, 'AT+CSQ': undefined }, true],
  ])('a module of which %s', (_, answers, ends) => {
    module.answers = answers;
    advance(MUTE);
    fail('a', 'b');
    expect(stalled).toHaveLength(ends ? 1 : 0);
    if (answers['AT+CSQ'] === undefined) expect(stalled[0]?.message).toContain('(signal unknown)');
  });

  test('data that passes while the module is asked ends nothing', () => {
    const signal = new Subject();
    module.answers = { ...WELL, 'AT+CSQ': signal };
    advance(MUTE);
    fail('a', 'b');
    advance(1);
    bearer.passed();
    signal.next({ rssi: 17 });
    expect(stalled).toEqual([]);
  });

  test('nothing is asked once it has stopped, and nothing is left', () => {
    fail('a', 'b');
    watch.stop();
    advance(10 * MUTE);
    fail('a', 'b');
    expect([asked, scheduler.actions]).toEqual([[], []]);
  });

  test('an answer that comes after it has stopped ends nothing', () => {
    const signal = new Subject();
    module.answers = { ...WELL, 'AT+CSQ': signal };
    advance(MUTE);
    fail('a', 'b');
    watch.stop();
    signal.next({ rssi: 17 });
    expect(stalled).toEqual([]);
  });
});

const NEVER_ANSWERED = new Subject();
const FAILS = throwError(() => new Error('no answer'));

describe('with a check', () => {
  test('it is made when nothing has passed for its time, counted from the last data', () => {
    const { module, bearer, advance } = rig(of(true));
    advance(EVERY - 1);
    expect(module.probes).toBe(0);
    bearer.passed();
    advance(EVERY - 1);
    expect(module.probes).toBe(0);
    advance(1);
    expect(module.probes).toBe(1);
    // It has passed, which is data like any other.
    advance(EVERY - 1);
    expect(module.probes).toBe(1);
    advance(1);
    expect(module.probes).toBe(2);
  });

  test('one that fails is made once more after 10 s, and two end the network if nothing else is known', () => {
    const { module, advance, stalled, asked, scheduler } = rig(FAILS);
    advance(EVERY);
    expect(module.probes).toBe(1);
    advance(9_999);
    expect([module.probes, asked]).toEqual([1, []]);
    advance(1);
    expect([module.probes, asked]).toEqual([2, QUESTIONS]);
    expect(stalled).toMatchObject([
      {
        code: 'CHECK_FAILED',
        message:
          'The check of the network failed (connecting to peer:80 failed twice: no answer), and nothing else was ' +
          'received for 310 s. Either the network carries nothing, although the module says that it is registered ' +
          '(signal 17 of 31) and that its network is open, or what the check asks is down. Look at the host of the ' +
          '`check`; keepOnline opens the network again.',
      },
    ]);
    expect(scheduler.actions).toEqual([]);
  });

  test('one that fails is a host among the mute ones', () => {
    const { advance, stalled, fail } = rig(FAILS);
    advance(MUTE);
    fail('b');
    advance(10_000);
    expect(stalled).toMatchObject([
      {
        code: 'BEARER_STALLED',
        message: expect.stringContaining(
          '(2 hosts did not answer; connecting to peer:80 failed twice: no answer)',
        ),
      },
    ]);
  });

  test('one that fails while the name servers answer is reported once, and ends nothing', () => {
    const { advance, stalled, reported } = rig(FAILS, of(true));
    advance(10 * EVERY);
    expect(stalled).toEqual([]);
    expect(reported).toEqual([
      { kind: 'check failed', reason: 'connecting to peer:80 failed twice: no answer', action: 'left alone' },
    ]);
  });

  test('the silence of the name servers counts when nothing has ever passed', () => {
    const { advance, stalled } = rig(FAILS, FAILS);
    advance(EVERY + 10_000);
    expect(stalled).toMatchObject([{ code: 'BEARER_STALLED' }]);
  });

  test('and when they have answered before, but not where data passes without them', () => {
    const states = [true, false].map((answered) => {
      let works = true;
      const { advance, stalled } = rig(
        defer(() => (works ? of(true) : FAILS)),
        defer(() => (works && answered ? of(true) : FAILS)),
      );
      advance(EVERY);
      works = false;
      advance(EVERY + 10_000);
      return stalled[0]?.code;
    });
    expect(states).toEqual(['BEARER_STALLED', 'CHECK_FAILED']);
  });

  test('the name servers are asked once while the check passes', () => {
    let lookups = 0;
    const { advance } = rig(
      of(true),
      defer(() => {
        lookups += 1;
        return FAILS;
      }),
    );
    advance(10 * EVERY);
    expect(lookups).toBe(1);
  });

  test('one that could not be made twice shows nothing of the name servers either', () => {
    const { advance, stalled, reported } = rig(FAILS, EMPTY);
    advance(EVERY + 10_000);
    expect([stalled.map(({ code }) => code), reported]).toEqual([['CHECK_FAILED'], []]);
  });

  test.each(['before', 'during'])('data that passes %s the second one ends nothing', (when) => {
    const second = new Subject();
    let probes = 0;
    const { advance, bearer, stalled, asked } = rig(defer(() => (++probes === 1 ? FAILS : second)));
    advance(EVERY + 5_000);
    if (when === 'before') bearer.passed();
    advance(5_000);
    if (when === 'during') bearer.passed();
    advance(1);
    second.error(new Error('no answer'));
    expect([probes, asked, stalled]).toEqual([2, [], []]);
  });

  test('a second one that passes ends nothing, and counts as data', () => {
    let probes = 0;
    const { advance, asked, bearer } = rig(defer(() => (++probes === 1 ? FAILS : of(true))));
    advance(EVERY + 10_000);
    expect([probes, asked, bearer.lastPassedAt]).toEqual([2, [], EVERY + 10_000]);
  });

  test('one that could not be made shows nothing, and is tried again after its time', () => {
    const { advance, module, asked } = rig(EMPTY);
    advance(3 * EVERY);
    expect([module.probes, asked]).toEqual([3, []]);
  });

  test('it does not interrupt a transparent connection', () => {
    const { advance, module } = rig(of(true));
    module.line.takesCommands = false;
    advance(EVERY);
    expect(module.probes).toBe(0);
    module.line.takesCommands = true;
    advance(EVERY - 1);
    expect(module.probes).toBe(0);
    advance(1);
    expect(module.probes).toBe(1);
  });

  test('it is made at once when a single host does not answer, and only one at a time', () => {
    const { module, fail } = rig(NEVER);
    fail('a');
    expect(module.probes).toBe(1);
    fail('b', 'c');
    expect(module.probes).toBe(1);
  });

  test('none is made once the watch has stopped', () => {
    const { module, fail, watch, advance, scheduler } = rig(FAILS);
    fail('a');
    watch.stop();
    advance(10 * EVERY);
    fail('b');
    expect([module.probes, scheduler.actions]).toEqual([1, []]);
  });
});
