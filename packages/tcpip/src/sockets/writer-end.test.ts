import { beforeEach, describe, expect, test } from 'vitest';
import { errorOf } from '../../test/world.js';
import { writerRig } from '../../test/writer-rig.js';

let { scheduler, advance, writer, write, turn, confirm, refuse, down, handler, cancelled, accepted } =
  writerRig();
beforeEach(() => {
  ({ scheduler, advance, writer, write, turn, confirm, refuse, down, handler, cancelled, accepted } =
    writerRig());
});

test('the end fails what is not confirmed and every later write', () => {
  const [first, second] = [write('a'), write('b')];
  let idle = 0;
  writer.whenIdle(() => (idle += 1));
  writer.end(new Error('over'));
  expect([first, second, write('c')].map((writing) => errorOf(writing)?.message)).toEqual([
    'over',
    'over',
    'over',
  ]);
  expect(idle).toBe(1);
  expect(turn()).toBeUndefined();
});

test('a later end changes nothing, and the first leaves nothing scheduled', () => {
  const written = write('a');
  turn();
  confirm(0);
  writer.end(new Error('first'));
  expect(scheduler.actions).toEqual([]);
  writer.end(new Error('second'));
  expect([written, write('b')].map((each) => errorOf(each)?.message)).toEqual(['first', 'first']);
});

describe('a stalled writer', () => {
  const stalls = () => {
    const times: number[] = [];
    const dispose = writer.onStalled(1_000, () => times.push(scheduler.frame));
    return { times, dispose };
  };
  test('is reported once, when nothing was confirmed for that long', () => {
    const { times } = stalls();
    write('abc');
    turn();
    advance(500);
    confirm(1);
    advance(500);
    expect(times).toEqual([]);
    advance(1_000);
    expect(times).toEqual([2_000]);
    advance(10_000);
    expect([times, scheduler.actions]).toEqual([[2_000], []]);
  });

  test('is not reported after that was disposed', () => {
    const { times, dispose } = stalls();
    dispose();
    expect(scheduler.actions).toEqual([]);
    advance(5_000);
    expect(times).toEqual([]);
  });
});

test('reports idle when everything is confirmed', () => {
  let idle = 0;
  const count = () => (idle += 1);
  writer.whenIdle(count);
  expect(idle).toBe(1);
  write('ab');
  writer.whenIdle(count);
  turn();
  confirm(1);
  expect(idle).toBe(1);
  turn();
  confirm(1);
  expect(idle).toBe(2);
});

describe('what is on its way when the link ends', () => {
  test('is cancelled when the link has a successor before the prompt (Q-34)', () => {
    write('secret');
    turn();
    expect(cancelled()).toBe(false);
    handler.isOurs = false;
    expect(cancelled()).toBe(true);
  });

  test('is reported when the module took it for the successor (Q-34)', () => {
    const written = write('secret');
    turn();
    handler.isOurs = false;
    writer.end(new Error('the link was given away'));
    accepted();
    confirm(6);
    expect([handler.misdirected, errorOf(written)?.message]).toEqual([1, 'the link was given away']);
  });

  test('is reported when its prompt was lost: what took its place went to the successor', () => {
    const { write, turn, handler, writer, unanswered } = writerRig();
    write('secret');
    turn();
    handler.isOurs = false;
    writer.end(new Error('the link was given away'));
    unanswered();
    expect(handler.misdirected).toBe(1);
  });

  test('is not reported when it was not answered, and the link has no successor', () => {
    const { write, turn, handler, writer, unanswered } = writerRig();
    write('secret');
    turn();
    writer.end(new Error('closed'));
    unanswered();
    expect(handler.misdirected).toBe(0);
  });

  test.each<[string, () => unknown]>([
    ['refused', () => refuse(1)],
    ['not taken', () => confirm(0)],
  ])('is not reported when it was %s, though the link has a successor', (_, settle) => {
    write('a');
    turn();
    handler.isOurs = false;
    writer.end(new Error('the link was given away'));
    settle();
    expect(handler.misdirected).toBe(0);
  });

  test('is awaited when the other side has closed, and what is after it fails', () => {
    const first = write('sent');
    turn();
    const second = write('queued');
    accepted();
    writer.end(new Error('closed'), 'is awaited');
    expect([first.end, errorOf(second)?.message]).toEqual(['open', 'closed']);
    handler.isOurs = false;
    confirm(4);
    expect([first.end, handler.misdirected]).toEqual(['complete', 0]);
  });

  test('fails with the end when nothing of it was confirmed, and is no misdelivery then', () => {
    const written = write('sent');
    turn();
    writer.end(new Error('closed'), 'is awaited');
    confirm(0);
    expect([errorOf(written)?.message, handler.misdirected]).toEqual(['closed', 0]);
  });

  test('fails with the end when its report is a refusal', () => {
    const written = write('sent');
    let idle = 0;
    turn();
    accepted();
    writer.end(new Error('closed'), 'is awaited');
    writer.whenIdle(() => (idle += 1));
    expect(idle).toBe(0);
    refuse(4);
    expect([errorOf(written)?.message, idle, down]).toEqual(['closed', 1, []]);
  });

  test('is awaited by those who wait for the writer to be idle', () => {
    write('sent');
    turn();
    accepted();
    let idle = 0;
    writer.whenIdle(() => (idle += 1));
    writer.end(new Error('closed'), 'is awaited');
    expect(idle).toBe(0);
    confirm(4);
    expect(idle).toBe(1);
  });

  test('is awaited as far as it is whole: the report counts what is not, too', () => {
    const [whole, long] = [write('sent'), write('x'.repeat(2_000))];
    expect(turn()).toHaveLength(1_500);
    accepted();
    writer.end(new Error('closed'), 'is awaited');
    expect([whole.end, errorOf(long)?.message]).toEqual(['open', 'closed']);
    confirm(1_500);
    expect(whole.end).toBe('complete');
  });

  test('is not awaited when the rest of its write is still to be sent', () => {
    const long = write('x'.repeat(2_000));
    turn();
    accepted();
    writer.end(new Error('closed'), 'is awaited');
    expect(errorOf(long)?.message).toBe('closed');
  });

  test('is not awaited in a pause: it is not on its way', () => {
    const written = write('a');
    turn();
    confirm(0);
    writer.end(new Error('closed'), 'is awaited');
    expect(errorOf(written)?.message).toBe('closed');
  });

  test('fails with the end when the module did not take all of it', () => {
    const written = write('sent');
    turn();
    accepted();
    writer.end(new Error('closed'), 'is awaited');
    confirm(2);
    expect(errorOf(written)?.message).toBe('closed');
  });
});
