import { AtError } from '@a7600/at-codec';
import { VirtualTimeScheduler } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { bytesOf, errorOf, observe, textOf } from '../../test/world.js';
import type { Job, TrafficSource } from '../lane/job.js';
import { Writer } from './writer.js';

/** A writer whose lane is the test: it takes the turns and says how each send ended. */
function rig() {
  const scheduler = new VirtualTimeScheduler();
  const waiting: TrafficSource[] = [];
  const down: (Error | undefined)[] = [];
  const wake = (source: TrafficSource) => {
    if (!waiting.includes(source)) waiting.push(source);
  };
  const handler = { isOurs: true, misdirected: 0 };
  const writer = new Writer({
    link: 3,
    lane: { wake },
    scheduler,
    isOurs: () => handler.isOurs,
    onDown: (error) => down.push(error),
    onMisdirected: () => {
      handler.misdirected += 1;
    },
  });
  const write = (text: string) => observe(writer.write({ bytes: bytesOf(text) }));
  let job: Job | undefined;
  /** The next chunk that goes out, if there is one. */
  const turn = () => {
    const next = waiting.shift()?.next();
    job = next ?? job;
    return next?.command.payload === undefined ? undefined : textOf([next.command.payload]);
  };
  const confirm = (confirmed: number) => {
    const requested = job?.command.payload?.length ?? 0;
    job?.settle({ ok: true, value: { requested, confirmed } });
  };
  const refuse = (number: number) => {
    const error = new AtError('SOCKET_ERROR', 'refused', { number });
    job?.settle({ ok: false, error });
    return error;
  };
  const cancelled = () => job?.cancelled?.();
  const accepted = () => job?.answered?.();
  return { scheduler, writer, write, turn, confirm, refuse, down, handler, cancelled, accepted };
}

let { scheduler, writer, write, turn, confirm, refuse, down, handler, cancelled, accepted } = rig();
beforeEach(() => {
  ({ scheduler, writer, write, turn, confirm, refuse, down, handler, cancelled, accepted } = rig());
});

describe('chunks', () => {
  test('what is written while one is under way goes out together, up to 1500 bytes', () => {
    const first = write('a');
    expect(turn()).toBe('a');
    const later = [write('b'), write('c'.repeat(1_498)), write('de')];
    expect(turn()).toBeUndefined();
    confirm(1);
    expect(first.end).toBe('complete');
    expect(turn()).toBe(`b${'c'.repeat(1_498)}d`);
    confirm(1_500);
    expect(later.map(({ end }) => end)).toEqual(['complete', 'complete', 'open']);
    expect(turn()).toBe('e');
    confirm(1);
    expect(later[2]?.end).toBe('complete');
    expect(turn()).toBeUndefined();
  });

  test('a long write goes out in chunks of 1500 bytes', () => {
    const writing = write('x'.repeat(3_100));
    const sizes = [];
    for (let chunk = turn(); chunk !== undefined; chunk = turn()) {
      sizes.push(chunk.length);
      confirm(chunk.length);
    }
    expect(sizes).toEqual([1_500, 1_500, 100]);
    expect(writing.end).toBe('complete');
  });

  test('an empty write completes in its turn', () => {
    const first = write('a');
    const empty = write('');
    expect(empty.end).toBe('open');
    turn();
    confirm(1);
    expect([first.end, empty.end]).toEqual(['complete', 'complete']);
    expect(write('').end).toBe('complete');
  });
});

describe('reports (Q-20)', () => {
  test('what is not confirmed is sent again', () => {
    const writing = write('abcdef');
    turn();
    confirm(2);
    expect(turn()).toBe('cdef');
    confirm(4);
    expect(writing.end).toBe('complete');
  });

  test('0 waits, longer each time, and tries again', () => {
    write('a');
    turn();
    const pauses = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      const from = scheduler.frame;
      confirm(0);
      expect(turn()).toBeUndefined();
      scheduler.flush();
      pauses.push(scheduler.frame - from);
      expect(turn()).toBe('a');
    }
    expect(pauses).toEqual([20, 40, 80, 160, 320, 500, 500]);
  });

  test('-1 means that the link is down', () => {
    write('a');
    turn();
    confirm(-1);
    expect(down).toEqual([undefined]);
  });

  test('busy waits, any other refusal means that the link is down', () => {
    write('a');
    turn();
    refuse(8);
    scheduler.flush();
    expect(turn()).toBe('a');
    const error = refuse(4);
    expect(down).toEqual([error]);
  });
});

describe('withdrawing', () => {
  test('a write that is not on its way is not sent', () => {
    write('a');
    turn();
    write('b').unsubscribe();
    write('c');
    confirm(1);
    expect(turn()).toBe('c');
  });

  test('what is on its way is sent, the rest of the write is not', () => {
    const long = write('x'.repeat(4_000));
    turn();
    long.unsubscribe();
    write('c');
    confirm(1_000);
    expect(turn()).toBe(`${'x'.repeat(500)}c`);
  });
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

  test('fails with the end when the module did not take all of it', () => {
    const written = write('sent');
    turn();
    accepted();
    writer.end(new Error('closed'), 'is awaited');
    confirm(2);
    expect(errorOf(written)?.message).toBe('closed');
  });
});
