import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FleetError } from '../base/errors.js';
import { RequestTable } from './request-table.js';

const step = fc.record({
  id: fc.integer({ min: 0, max: 5 }),
  /** When the copy was made, before now, and how long it may take. */
  age: fc.nat(20_000),
  budget: fc.integer({ min: 1, max: 10_000 }),
  pass: fc.nat(3_000),
  settles: fc.boolean(),
});

const replyOf = (id: string) => ({ data: new Uint8Array(15).fill(Number(id.slice(-1))) });

test('whatever is repeated, delayed or comes late, nothing is executed twice or after its deadline', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const table = new RequestTable<{ readonly data: Uint8Array }>({ requests: 4, bytes: 40 });
      const deadlines = new Map<string, number>();
      const executed = new Map<string, number>();
      let now = 30_000;
      for (const { id: number, age, budget, pass, settles } of steps) {
        now += pass;
        const id = `request-${number}`;
        // The deadline of a request is the same in each copy.
        const deadline = deadlines.get(id) ?? now - age + budget;
        deadlines.set(id, deadline);
        try {
          const admission = table.admit(id, deadline, now);
          if (admission.kind === 'execute') {
            expect(now).toBeLessThan(deadline);
            executed.set(id, (executed.get(id) ?? 0) + 1);
            if (settles) table.settle(id, replyOf(id));
          } else if (admission.kind === 'repeat') expect(admission.reply).toEqual(replyOf(id));
        } catch (error) {
          const { code } = error as FleetError;
          if (code === 'OUTCOME_UNKNOWN') expect(executed.get(id) ?? 0).toBeLessThanOrEqual(1);
          // Nothing is called not executed that was, while it is remembered.
          else if (code === 'DEADLINE_PASSED') expect(now).toBeGreaterThanOrEqual(deadline);
          else {
            expect(code).toBe('CAPACITY');
            expect(table.size).toBe(4);
          }
        }
        expect(table.size).toBeLessThanOrEqual(4);
        expect(table.replyBytes).toBeLessThanOrEqual(40);
      }
      for (const times of executed.values()) expect(times).toBe(1);
    }),
    { numRuns: 200 },
  );
});

test('a deadline that lies too far ahead is refused: it would have to be remembered for as long', () => {
  const table = new RequestTable();
  expect(() => table.admit('x'.repeat(16), 400_000, 0)).toThrow(/300000 ms ahead/);
});

const SHORT_REPLY = { data: new Uint8Array(1) };
const OUTCOME_UNKNOWN = expect.objectContaining({ code: 'OUTCOME_UNKNOWN' });

test('a full table has room as soon as a deadline has passed', () => {
  const table = new RequestTable({ requests: 2 });
  for (const [id, deadline] of [
    ['one', 100],
    ['two', 300],
  ] as const) {
    expect(table.admit(id, deadline, 0)).toEqual({ kind: 'execute' });
    table.settle(id, SHORT_REPLY);
  }
  expect(() => table.admit('three', 50, 49)).toThrow(/remembers 2 requests/);
  expect(table.admit('three', 250, 100)).toEqual({ kind: 'execute' });
  expect(() => table.admit('four', 250, 101)).toThrow(/remembers 2 requests/);
});

test('a fast controller is never refused: what is settled and ends first is forgotten for it', () => {
  const table = new RequestTable({ requests: 100 });
  for (let now = 0; now < 1_000; now++) {
    expect(table.admit(`request-${now}`, now + 10_000, now)).toEqual({ kind: 'execute' });
    table.settle(`request-${now}`, SHORT_REPLY);
    expect(table.size).toBeLessThanOrEqual(100);
  }
  // Nothing that was forgotten is executed again, nor what could be that.
  for (const id of ['request-0', 'request-500', 'another'])
    expect(() => table.admit(id, Number(/\d+/.exec(id)?.[0] ?? 0) + 10_000, 1_000)).toThrow(OUTCOME_UNKNOWN);
  expect(table.admit('request-999', 10_999, 1_000)).toMatchObject({ kind: 'repeat' });
});

test('what is being executed is never forgotten', () => {
  const table = new RequestTable({ requests: 2 });
  for (const id of ['one', 'two']) table.admit(id, 100, 0);
  expect(() => table.admit('three', 400, 1)).toThrow(/remembers 2 requests/);
  expect(table.admit('one', 100, 1)).toEqual({ kind: 'joined' });
});

test('what is still being executed at its deadline is joined, not called late', () => {
  const table = new RequestTable({ requests: 1 });
  table.admit('slow', 100, 0);
  expect(table.admit('slow', 100, 200)).toEqual({ kind: 'joined' });
  expect(() => table.admit('other', 400, 200)).toThrow(/remembers 1 requests/);
});

test('the oldest replies are discarded when all together are too long, and a repetition is told so', () => {
  const table = new RequestTable({ bytes: 10 });
  const reply = { data: new Uint8Array(6) };
  for (const id of ['first', 'second']) {
    table.admit(id, 1_000, 0);
    table.settle(id, reply);
  }
  expect(table.admit('second', 1_000, 1)).toEqual({ kind: 'repeat', reply });
  expect(() => table.admit('first', 1_000, 1)).toThrow(OUTCOME_UNKNOWN);
  expect(table.replyBytes).toBe(6);
});
