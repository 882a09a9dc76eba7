import { AtError } from '@a7600/at-codec';
import { EMPTY, of, throwError } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { ModemError } from '../base/errors.js';
import { Watch } from './watch.js';

const INTERVAL = 60_000;

/** A watch alone, and what it asks. */
function rig(interval: number | false = INTERVAL, from = 0) {
  const time = virtualTime();
  time.advance(from);
  const { scheduler } = time;
  const asked: string[] = [];
  const state = { canAsk: true, unconfirmed: 0, mute: 0 };
  const watch = new Watch({
    scheduler,
    interval,
    canAsk: () => state.canAsk,
    onUnconfirmed: () => (state.unconfirmed += 1),
    onMute: () => (state.mute += 1),
  });
  const believe = (name: string, delay = 0, applies?: () => boolean) =>
    watch.believe(
      () => {
        asked.push(name);
        return of(true);
      },
      delay,
      applies,
    );
  const advance = (ms: number) => {
    time.advance(ms);
    return asked.splice(0);
  };
  return { watch, believe, advance, state };
}

let { watch, believe, advance, state } = rig();
beforeEach(() => {
  ({ watch, believe, advance, state } = rig());
});

describe('a round', () => {
  test('asks at most four questions, first what cannot wait', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) believe(name, 1);
    believe('now');
    expect(advance(INTERVAL)).toEqual(['now', 'a', 'b', 'c']);
  });

  test.each([
    [INTERVAL, 0, [60_000, 120_000]],
    [INTERVAL, 14_849, [60_000, 120_000]],
    // A timer may be early: what is that near is the next quarter.
    [INTERVAL, 14_850, [75_000, 135_000]],
    [INTERVAL, 15_000, [75_000, 135_000]],
    [INTERVAL, 61_234, [120_000, 180_000]],
    [1_000, 2_300, [3_250, 4_250]],
  ])('begins together with those of others: every %s ms, watched from %s ms on', (interval, from, times) => {
    const other = rig(interval, from);
    other.believe('now');
    const asked: number[] = [];
    for (let now = from + 1; asked.length < 2; now++) {
      if (other.advance(1).length > 0) asked.push(now);
    }
    expect(asked).toEqual(times);
  });

  test('asks what waits by age: each of ten within four rounds', () => {
    believe('now');
    for (let index = 0; index < 10; index++) believe(`${index}`, 1);
    const rounds = Array.from({ length: 4 }, () => advance(INTERVAL));
    expect(new Set(rounds.flat()).size).toBe(11);
    expect(rounds.map((names) => names.length)).toEqual([4, 4, 4, 4]);
  });

  test('asks earlier for what can wait less', () => {
    for (const name of ['a', 'b', 'c', 'd']) believe(name, 3);
    for (const name of ['x', 'y']) believe(name, 1);
    expect(advance(INTERVAL)).toEqual(['x', 'y', 'a', 'b']);
  });

  test('leaves out what traffic has confirmed in the last half of the interval', () => {
    const recent = believe('recent');
    const old = believe('old');
    advance(INTERVAL / 2 - 1);
    old.confirmed();
    advance(2);
    recent.confirmed();
    expect(advance(INTERVAL / 2)).toEqual(['old']);
  });

  test('leaves out what does not apply, and what was disposed', () => {
    let applies = false;
    believe('sometimes', 0, () => applies);
    const gone = believe('gone');
    gone.dispose();
    expect(advance(INTERVAL)).toEqual([]);
    applies = true;
    expect(advance(INTERVAL)).toEqual(['sometimes']);
  });

  test('asks nothing while the module takes no commands', () => {
    believe('a');
    state.canAsk = false;
    expect(advance(INTERVAL)).toEqual([]);
    state.canAsk = true;
    expect(advance(INTERVAL)).toEqual(['a']);
  });

  test('asks for what was due meanwhile as soon as it takes commands again, once', () => {
    believe('a');
    watch.resume();
    expect(advance(0)).toEqual([]);
    state.canAsk = false;
    advance(3 * INTERVAL);
    state.canAsk = true;
    watch.resume();
    watch.resume();
    expect(advance(0)).toEqual(['a']);
  });

  test('goes on after a question that was not answered, and reports it', () => {
    watch.believe(() => throwError(() => new Error('no answer')));
    believe('b');
    expect(advance(INTERVAL)).toEqual(['b']);
    expect(state.unconfirmed).toBe(1);
  });

  test('of a question that is disposed by the one before it is not asked', () => {
    watch.believe(() => {
      second.dispose();
      return EMPTY;
    });
    const second = believe('second');
    expect(advance(INTERVAL)).toEqual([]);
  });
});

describe('a hint', () => {
  test('makes the watch ask after 5 s, then after twice as long each time, up to an interval', () => {
    believe('a');
    const pauses = Array.from({ length: 6 }, () => {
      watch.hint();
      watch.hint();
      let waited = 0;
      while (advance(1_000).length === 0) waited += 1_000;
      return waited + 1_000;
    });
    expect(pauses.slice(0, 3)).toEqual([5_000, 10_000, 20_000]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(INTERVAL);
  });

  test('is ignored by a watch without an interval, and after its end', () => {
    ({ watch, believe, advance } = rig(false));
    believe('a');
    watch.hint();
    expect(advance(10 * INTERVAL)).toEqual([]);
    ({ watch, believe, advance } = rig());
    believe('a');
    watch.hint();
    watch.stop();
    expect(advance(10 * INTERVAL)).toEqual([]);
  });
});

describe('a module that answers none of its questions', () => {
  const lost = new ModemError('TIMEOUT', 'not answered');

  test('in two rounds in a row is mute, however many OK it prints', () => {
    watch.believe(() => throwError(() => lost));
    watch.believe(() => throwError(() => lost));
    watch.believe(
      () => of(undefined),
      0,
      () => true,
      false,
    );
    advance(INTERVAL);
    expect(state.mute).toBe(0);
    // It is asked again at once.
    advance(5_000);
    expect([state.mute, state.unconfirmed]).toEqual([1, 4]);
  });

  test('in one round, or not all of them, is not', () => {
    let round = 0;
    watch.believe(() => (++round % 2 === 0 ? of(true) : throwError(() => lost)));
    watch.believe(() => throwError(() => lost));
    advance(10 * INTERVAL);
    expect([round > 10, state.mute]).toEqual([true, 0]);
  });

  test('and refuses them is not', () => {
    watch.believe(() => throwError(() => new AtError('REFUSED', 'ERROR')));
    advance(5 * INTERVAL);
    expect([state.mute, state.unconfirmed]).toEqual([0, 5]);
  });
});
