import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RequestTable } from './request-table.js';

const step = fc.record({
  id: fc.integer({ min: 0, max: 5 }),
  /** When the copy was made, before now, and how long it may take. */
  age: fc.nat(20_000),
  budget: fc.integer({ min: 1, max: 10_000 }),
  pass: fc.nat(3_000),
  settles: fc.boolean(),
});

test('whatever is repeated, delayed or comes late, nothing is executed twice or after its deadline', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const table = new RequestTable<string>(8);
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
          expect(now).toBeLessThan(deadline);
          if (admission.kind === 'execute') {
            executed.set(id, (executed.get(id) ?? 0) + 1);
            if (settles) table.settle(id, `reply of ${id}`);
          } else if (admission.kind === 'repeat') expect(admission.reply).toBe(`reply of ${id}`);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/DEADLINE_PASSED|CAPACITY/) });
        }
        expect(table.size).toBeLessThanOrEqual(8);
      }
      for (const times of executed.values()) expect(times).toBe(1);
    }),
    { numRuns: 200 },
  );
});

test('a deadline that lies too far ahead is refused: it would have to be remembered for as long', () => {
  const table = new RequestTable<string>();
  expect(() => table.admit('x'.repeat(16), 400_000, 0)).toThrow(/300000 ms ahead/);
});
