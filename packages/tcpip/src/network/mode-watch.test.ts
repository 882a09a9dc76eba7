import { NEVER, type Observable, of, Subject, throwError } from 'rxjs';
import { expect, test } from 'vitest';
import type { Session } from '../session/session.js';
import type { Discrepancy } from '../watch/discrepancy.js';
import { ModeWatch } from './mode-watch.js';
import { TRANSPARENT } from './settings.js';

/** A watch of a network that was opened in one mode, beside a module that is asked and answers. */
function rig({ transparent = false, isKept = true } = {}) {
  const connects = new Subject<void>();
  const discrepancies = new Subject<Pick<Discrepancy, 'kind'>>();
  const state = { answer: NEVER as Observable<boolean>, asked: 0, ended: 0, kept: 0 };
  let found = (_: boolean) => {};
  const session = {
    unaskedConnect: { client$: connects },
    discrepancies$: discrepancies,
    lane: {
      run: () => {
        state.asked += 1;
        return state.answer;
      },
    },
    settings: {
      has: (setting: unknown) => isKept && setting === TRANSPARENT,
      keep: (_: unknown, value: boolean, { onValue }: { onValue: (now: boolean) => void }) => {
        expect(value).toBe(transparent);
        state.kept += 1;
        found = onValue;
        return () => {
          state.kept -= 1;
        };
      },
    },
  } as unknown as Session;
  const watch = new ModeWatch(session, transparent, () => {
    state.ended += 1;
  });
  const stop = watch.start();
  return {
    ...{ watch, state, stop, connects, discrepancies },
    found: (value: boolean) => found(value),
    lost: (kind: Discrepancy['kind']) => discrepancies.next({ kind }),
  };
}

test.each(['link gone', 'server gone'] as const)(
  'after %s, the other mode shows that the network was opened by another program',
  (kind) => {
    const { found, lost, state } = rig();
    lost(kind);
    found(true);
    expect(state.ended).toBe(1);
  },
);

test('the other mode alone may be set, and not used: the network stays', () => {
  const { found, lost, state } = rig();
  lost('setting');
  found(true);
  expect(state.ended).toBe(0);
});

test('what was lost before the mode was right is forgotten', () => {
  const { found, lost, state } = rig();
  lost('link gone');
  found(false);
  found(true);
  expect(state.ended).toBe(0);
});

test.each([
  ['says the other mode', of(true), 1],
  ['says the same mode', of(false), 0],
  ['does not say it', throwError(() => new Error('no answer')), 0],
])('one client in data mode: the network ends if the module %s', (_, answer, ended) => {
  const { connects, state } = rig();
  state.answer = answer;
  connects.next();
  expect([state.asked, state.ended]).toEqual([1, ended]);
});

test('the second sign needs no answer', () => {
  const { connects, watch, state } = rig();
  connects.next();
  expect(state.ended).toBe(0);
  watch.doubted();
  expect([state.asked, state.ended]).toEqual([1, 1]);
});

test('the first sign needs none where the module had the other mode once', () => {
  const { found, connects, state } = rig();
  found(true);
  found(false);
  connects.next();
  expect([state.asked, state.ended]).toEqual([0, 1]);
});

test('a connection as it should be takes signs back', () => {
  const { watch, state } = rig({ transparent: true });
  watch.doubted();
  watch.worked();
  watch.doubted();
  expect([state.asked, state.ended]).toEqual([2, 0]);
});

test('in a transparent network a client in data mode is no sign', () => {
  const { connects, state } = rig({ transparent: true });
  connects.next();
  connects.next();
  expect([state.asked, state.ended]).toEqual([0, 0]);
});

test('in a transparent network the mode for commands is the other one', () => {
  const { watch, state } = rig({ transparent: true });
  state.answer = of(false);
  watch.doubted();
  expect(state.ended).toBe(1);
});

test('a setting that is not kept is left to others', () => {
  const { state, stop } = rig({ isKept: false });
  expect(state.kept).toBe(0);
  stop();
});

test('once stopped it holds nothing', () => {
  const { state, stop, connects, discrepancies } = rig();
  expect([state.kept, connects.observed, discrepancies.observed]).toEqual([1, true, true]);
  stop();
  expect([state.kept, connects.observed, discrepancies.observed]).toEqual([0, false, false]);
});
