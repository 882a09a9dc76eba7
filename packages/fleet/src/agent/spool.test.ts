import { expect, test } from 'vitest';
import { LastLines } from './last-lines.js';
import { Spool, type Spooled } from './spool.js';

const event = (id: string, size = 1): Spooled => ({ subject: 's', id, data: new Uint8Array(size) });

/** The events that wait, in order. */
function drained(spool: Spool): string[] {
  const ids: string[] = [];
  for (let { first } = spool; first !== undefined; { first } = spool) {
    ids.push(first.id);
    spool.remove(first);
  }
  return ids;
}

test('the oldest events are discarded and counted, by number and by bytes', () => {
  const spool = new Spool(3, 10);
  for (const id of ['a', 'b', 'c', 'd']) spool.add(event(id));
  expect([spool.first?.id, spool.dropped]).toEqual(['b', 1]);
  spool.add(event('long', 9));
  expect([spool.dropped, drained(spool)]).toEqual([3, ['d', 'long']]);
  // What was stored or discarded makes room.
  spool.add(event('longest', 10));
  expect(drained(spool)).toEqual(['longest']);
  spool.add(event('too long', 11));
  expect([spool.dropped, drained(spool)]).toEqual([4, []]);
});

test('an event that was discarded while it was being stored is removed no second time', () => {
  const spool = new Spool(1);
  const first = event('a');
  spool.add(first);
  spool.add(event('b'));
  spool.remove(first);
  expect(drained(spool)).toEqual(['b']);
});

test('the last lines are in order, bounded, and taken once', () => {
  const lines = new LastLines();
  for (let n = 1; n <= 250; n++) lines.add(`line ${n}`);
  const { text } = lines.take();
  expect(text.split('\n')).toEqual(Array.from({ length: 200 }, (_, index) => `line ${index + 51}`));
  expect(lines.take()).toEqual({ size: 0, text: '' });
  for (let n = 0; n < 3; n++) lines.add('x'.repeat(10_000));
  const long = lines.take();
  expect([long.size, long.text.length]).toEqual([30_002, 16_384]);
});
