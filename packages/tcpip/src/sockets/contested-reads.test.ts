import { AtError } from '@a7600/at-codec';
import { beforeEach, expect, test } from 'vitest';
import { readerRig } from '../../test/reader-rig.js';
import { textOf } from '../../test/world.js';

const READ = 'AT+CIPRXGET=2,3,1500';

let { reader, received, lost, turn, answer, begin, fail, subscribe } = readerRig();
beforeEach(() => {
  ({ reader, received, lost, turn, answer, begin, fail, subscribe } = readerRig());
  subscribe();
  reader.notify();
});

test('while the number of the link is contested nothing is read, and then what waits', () => {
  reader.hold(true);
  expect(turn()).toBeUndefined();
  reader.hold(false);
  expect(turn()).toBe(READ);
});

test('the answer to a read that had not begun is kept, and delivered when the link turns out to be its own', () => {
  turn();
  reader.hold(true);
  answer('hello', 3);
  expect([received, reader.hasKept, turn()]).toEqual([[], true, undefined]);
  reader.hold(false);
  expect([textOf(received), reader.hasKept, turn()]).toEqual(['hello', false, READ]);
});

test('the answer to a read that had begun is delivered at once: it tells of the link as it was before', () => {
  turn();
  begin();
  reader.hold(true);
  answer('hello', 3);
  expect([textOf(received), reader.hasKept, turn()]).toEqual(['hello', false, undefined]);
});

test('the answer to a read is delivered at once where only the end of the link is in question', () => {
  turn();
  reader.hold(false);
  answer('hello', 0);
  expect(textOf(received)).toBe('hello');
});

test('an answer that gives nothing is not kept for anybody', () => {
  turn();
  reader.hold(true);
  answer('', 0);
  expect(reader.hasKept).toBe(false);
});

test('a failure of the read is kept too, and counts once the link turns out to be its own', () => {
  const error = new AtError('FRAMING_LOST', 'bytes were lost');
  turn();
  reader.hold(true);
  fail(error);
  expect([lost, reader.hasKept]).toEqual([[], false]);
  reader.hold(false);
  expect(lost).toEqual([error]);
});
