import { expect } from 'vitest';
import type { LineEffect } from '../src/line/effects.js';
import type { LineEvent, LineEventKind } from '../src/line/events.js';
import { reduce } from '../src/line/reduce.js';
import { initialState } from '../src/line/state.js';
import type { LineUse } from '../src/line/tables.js';

/** What happens to a line: the kind of an event, or the kind with what else it says. */
type Happening = LineEventKind | (Readonly<Record<string, unknown>> & { readonly kind: LineEventKind });

/** When something happens, what, and what the line does about it: the mode that it is in then, and the effects. */
export type Stage = readonly [at: number, happening: Happening, does: string];

/** Lets a line go through stages, and expects what it does at each. */
export function expectJourney(use: LineUse, stages: readonly Stage[]): void {
  let state = initialState;
  const did = stages.map(([now, happening]): Stage => {
    const event = typeof happening === 'string' ? { kind: happening } : happening;
    const step = reduce(state, { ...event, now } as LineEvent, use);
    state = step.state;
    return [now, happening, [state.mode, ...step.effects.map(told)].join(', ')];
  });
  expect(did).toEqual(stages);
}

/** An effect in a few words: its kind, and what else it says. */
const told = (effect: LineEffect) => Object.values(effect).join(' ');

/** A call that waits for its end. */
export const call = (
  kind: 'enterCommandMode' | 'enterDataMode' | 'close' | 'abort',
  id: number,
): Happening => ({ kind, id });
export const doubted = (doubt: 'closed' | 'restarted' | 'echoed' | 'signal' | 'silent'): Happening => ({
  kind: 'doubted',
  doubt,
});
export const connecting = (announced = false): Happening => ({ kind: 'connecting', announced });
export const held = (silentFrom: number): Happening => ({ kind: 'held', silentFrom });
export const sent = (silentFrom: number, guard = 0): Happening => ({ kind: 'sent', silentFrom, guard });
export const refused = (carrier = true): Happening => ({ kind: 'refused', carrier });
export const answered = (contradicts = false): Happening => ({ kind: 'answered', contradicts });
export const verified = (link: 'open' | 'another' | 'gone'): Happening => ({ kind: 'verified', link });

/** A shared line that carries a connection since 10 ms. */
export const DATA: readonly Stage[] = [
  [0, connecting(), 'opening'],
  [10, 'connected', 'data, dataMode, releasePayload'],
];

/** Data mode is left: the payload is out at `at`; silence, escape, silence and question, up to the proof. */
export const escaping = (at: number): readonly Stage[] => [
  [at, held(at), `escaping, wake ${at + 1_050}`],
  [at + 1_050, 'time', `escaping, escape, wake ${at + 21_050}`],
  [at + 1_050, sent(at + 1_050, 1_050), `escaping, wake ${at + 2_100}`],
  [at + 2_100, 'time', `escaping, ask, wake ${at + 22_100}`],
];
