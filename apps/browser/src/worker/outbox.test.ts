import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Batch } from '../protocol.js';
import { Outbox } from './outbox.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function filled() {
  const batches: Batch[] = [];
  const outbox = new Outbox((batch) => batches.push(batch));
  return { batches, outbox };
}

test('while the page is busy states are replaced, lists wait, and nothing is sent', () => {
  const { batches, outbox } = filled();
  outbox.set({ title: 'first' });
  vi.runAllTimers();
  outbox.set({ title: 'second', overruns: 1 });
  outbox.set({ title: 'third' });
  outbox.add('printed', 'a');
  outbox.add('printed', 'b');
  vi.runAllTimers();
  expect(batches).toHaveLength(1);
  outbox.taken();
  vi.runAllTimers();
  expect(batches[1]).toMatchObject({ state: { title: 'third', overruns: 1 }, printed: ['a', 'b'] });
});

test('what waits is bounded, and the newest stays', () => {
  const { batches, outbox } = filled();
  for (let line = 0; line < 100_000; line++) outbox.add('printed', `${line}`);
  vi.runAllTimers();
  const printed = batches[0]?.printed ?? [];
  expect(printed.length).toBeLessThanOrEqual(8_000);
  expect(printed.at(-1)).toBe('99999');
});

test('what belongs to the last source is not sent after a reset', () => {
  const { batches, outbox } = filled();
  outbox.add('printed', 'old');
  outbox.reset();
  outbox.set({ title: 'new' });
  vi.runAllTimers();
  expect(batches).toEqual([expect.objectContaining({ reset: true, printed: [], state: { title: 'new' } })]);
});

test('nothing is sent when nothing has changed', () => {
  const { batches, outbox } = filled();
  outbox.set({ title: 'a' });
  vi.runAllTimers();
  outbox.taken();
  vi.runAllTimers();
  expect(batches).toHaveLength(1);
});
