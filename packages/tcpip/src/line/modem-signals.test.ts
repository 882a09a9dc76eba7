import { type InputLines, linkPair, type SerialLink } from '@a7600/transport';
import { defer, EMPTY, NEVER, type Observable, of, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { observe } from '../../test/world.js';
import { dropDtr, drops, hasModemLines, lineChanges } from './modem-signals.js';

const ON: InputLines = { dcd: true, dsr: true, cts: true };

/** A port whose lines the test sets, and a clock. */
function rig() {
  const { scheduler, advance } = virtualTime();
  const [link] = linkPair();
  const state = { lines: ON };
  const port = Object.assign(Object.create(link), {
    lines: () => defer(() => of(state.lines)),
  }) as SerialLink;
  const set = (lines: Partial<InputLines>) => {
    state.lines = { ...state.lines, ...lines };
    advance(1_000);
  };
  return { scheduler, link, port, state, advance, set };
}

describe('a line that goes off', () => {
  test.each(['dcd', 'dsr', 'cts'] as const)('is noticed within a second: %s', (line) => {
    const { port, scheduler, set } = rig();
    const seen = observe(drops(port, false, scheduler));
    set({});
    expect(seen.values).toHaveLength(0);
    set({ [line]: false });
    expect(seen.values).toHaveLength(1);
    set({});
    set({ [line]: true });
    expect(seen.values).toHaveLength(1);
    set({ [line]: false });
    expect(seen.values).toHaveLength(2);
  });

  test('is nothing where it is CTS and holds back payload', () => {
    const { port, scheduler, set } = rig();
    const seen = observe(drops(port, true, scheduler));
    set({});
    set({ cts: false });
    expect(seen.values).toEqual([]);
    set({ dcd: false });
    expect(seen.values).toHaveLength(1);
    set({ dsr: false });
    expect(seen.values).toHaveLength(2);
  });
});

describe('a line that changes', () => {
  test('is noticed in both directions', () => {
    const { port, scheduler, set } = rig();
    const seen = observe(lineChanges(port, false, scheduler));
    set({});
    set({ dsr: false });
    set({ dsr: true });
    expect(seen.values).toHaveLength(2);
  });
});

test('a port without lines, and one that fails to tell them, says nothing, and that is no error', () => {
  const { link, port, scheduler, advance } = rig();
  expect([hasModemLines(link), hasModemLines(Object.assign(port, { setLines: () => EMPTY }))]).toEqual([
    false,
    true,
  ]);
  expect(observe(drops(link, false, scheduler))).toMatchObject({ end: 'complete', values: [] });
  const failing = observe(
    drops(Object.assign(port, { lines: () => throwError(() => new Error('gone')) }), false, scheduler),
  );
  advance(0);
  expect(failing).toMatchObject({ end: 'complete', values: [] });
});

test('a look that takes longer than a second is waited for', () => {
  const { port, scheduler, advance } = rig();
  let looks = 0;
  const slow: Observable<InputLines> = defer(() => {
    looks += 1;
    return NEVER;
  });
  observe(drops(Object.assign(port, { lines: () => slow }), false, scheduler));
  advance(5_000);
  expect(looks).toBe(1);
});

test('DTR is dropped and raised again', () => {
  const { port } = rig();
  const set: unknown[] = [];
  const setLines = (lines: unknown) =>
    defer(() => {
      set.push(lines);
      return EMPTY;
    });
  expect(observe(dropDtr(Object.assign(port, { setLines }) as SerialLink)).end).toBe('complete');
  expect(set).toEqual([{ dtr: false }, { dtr: true }]);
});
