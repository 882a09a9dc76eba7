import { expect, test } from 'vitest';
import { Presences } from './presence.js';

const INSTANCE = 's'.repeat(22);

/** Presences on a clock that the test sets. */
function watched() {
  let now = 0;
  const presences = new Presences(() => now);
  return {
    presences,
    beat: () =>
      presences.beat('SHED', { protocol: '1.0', instance: INSTANCE, clock: now, modems: 1, dropped: 0 }),
    /** Lets time pass in which the program looks, and the server answers what it is asked. */
    pass(ms: number) {
      for (const end = now + ms; now < end; now += 250) {
        if (presences.needsProof) presences.prove(now);
      }
    },
    /** Lets time pass in which this program does not run. */
    stop(ms: number) {
      now += ms;
    },
  };
}

test('an agent that beats no more is gone after 6 s, when the server has answered', () => {
  const { presences, beat, pass } = watched();
  pass(3_000);
  beat();
  pass(5_750);
  expect(presences.of('SHED')).toBe('present');
  pass(500);
  expect(presences.of('SHED')).toBe('gone');
});

test('after this program was stopped, an agent has the time to answer before it is gone', () => {
  const { presences, beat, pass, stop } = watched();
  pass(3_000);
  beat();
  stop(20_000);
  expect(presences.of('SHED')).toBe('unknown');
  beat();
  expect(presences.of('SHED')).toBe('present');
  stop(20_000);
  pass(2_000);
  expect(presences.of('SHED')).toBe('gone');
});

test('the server is asked for a sign of life only when an agent could be gone', () => {
  const { presences, beat, pass } = watched();
  pass(3_000);
  beat();
  expect(presences.needsProof).toBe(false);
  pass(4_000);
  expect(presences.needsProof).toBe(false);
  pass(4_000);
  expect([presences.of('SHED'), presences.needsProof]).toEqual(['gone', false]);
});
