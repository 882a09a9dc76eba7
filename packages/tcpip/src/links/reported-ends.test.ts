import { expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { notingHandler } from '../../test/link-rig.js';
import { ReportedEnds } from './reported-ends.js';

function rig() {
  const { scheduler, advance } = virtualTime();
  const unanswered: number[] = [];
  const ends = new ReportedEnds(scheduler, ({ info }) => unanswered.push(info.link));
  return { ends, unanswered, advance, scheduler, handler: notingHandler(9, []) };
}

test('a reported end that the module contradicts is asked for once more, as its list may be older', () => {
  const { ends, handler, advance, unanswered } = rig();
  ends.add(handler, 1);
  expect([ends.refute(handler), ends.doubtOf(handler)]).toEqual(['ask again', 'ended']);
  advance(60_000);
  expect(unanswered).toEqual([]);
  expect([ends.refute(handler), ends.doubtOf(handler)]).toEqual(['refuted', undefined]);
});

test('a contested number that the module lists as before is settled at once', () => {
  const { ends, handler, scheduler } = rig();
  ends.add(handler);
  expect([ends.refute(handler), ends.doubtOf(handler)]).toEqual(['refuted', undefined]);
  expect(scheduler.actions).toEqual([]);
});

test('a link that two questions settled is refuted a second time without effect', () => {
  const { ends, handler } = rig();
  expect([ends.refute(handler), ends.all().size]).toEqual(['refuted', 0]);
});

test('when all links are lost, no deadline is left', () => {
  const { ends, handler, scheduler } = rig();
  ends.add(handler, 1);
  ends.add(notingHandler(8, []));
  expect(scheduler.actions).toHaveLength(2);
  ends.clear();
  expect([scheduler.actions, ends.all().size]).toEqual([[], 0]);
});
