import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Turns } from './turns.js';

test('a program with many connections does not keep another one waiting', () => {
  const turns = new Turns(2);
  const started: string[] = [];
  const releases: (() => void)[] = [];
  const take = (owner: string, name: string) =>
    turns.take(owner, (release) => {
      started.push(name);
      releases.push(release);
    });
  for (const name of ['a1', 'a2', 'a3', 'a4']) take('a', name);
  take('b', 'b1');
  expect(started).toEqual(['a1', 'a2']);
  releases[0]?.();
  expect(started).toEqual(['a1', 'a2', 'b1']);
  releases[1]?.();
  expect(started).toEqual(['a1', 'a2', 'b1', 'a3']);
});

test('who leaves while it waits takes no place, and a place is given back once', () => {
  const turns = new Turns(1);
  const started: string[] = [];
  let release = () => {};
  turns.take('a', (back) => {
    release = back;
  });
  const leave = turns.take('b', () => started.push('b'));
  turns.take('c', () => started.push('c'));
  turns.take('d', () => started.push('d'));
  leave();
  release();
  release();
  expect(started).toEqual(['c']);
});

test('all places are used while some are wanted, and never more', () => {
  const step = fc.record({ owner: fc.constantFrom('a', 'b', 'c'), leaves: fc.boolean(), which: fc.nat(20) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 40 }), (places, steps) => {
      const turns = new Turns(places);
      const held: { owner: string; release: () => void }[] = [];
      let wanted = 0;
      for (const { owner, leaves, which } of steps) {
        if (leaves && held.length > 0) {
          wanted -= 1;
          held.splice(which % held.length, 1)[0]?.release();
        } else {
          wanted += 1;
          turns.take(owner, (release) => held.push({ owner, release }));
        }
        expect(held).toHaveLength(Math.min(places, wanted));
      }
    }),
    { numRuns: 200 },
  );
});
