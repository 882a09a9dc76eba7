import { of, Subject, throwError } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { errorOf } from '../../test/world.js';
import { writerRig } from '../../test/writer-rig.js';

let { scheduler, run, writer, write, datagram, turn, commandText, confirm, refuse, down } = writerRig();
beforeEach(() => {
  ({ scheduler, run, writer, write, datagram, turn, commandText, confirm, refuse, down } = writerRig());
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

describe('datagrams', () => {
  test('go out alone and whole, each to its own address', () => {
    const sent = [datagram('a', '10.0.0.1'), datagram('b', '10.0.0.2'), datagram('c')];
    for (const [text, command] of [
      ['a', 'AT+CIPSEND=3,1,"10.0.0.1",9'],
      ['b', 'AT+CIPSEND=3,1,"10.0.0.2",9'],
      ['c', 'AT+CIPSEND=3,1'],
    ]) {
      expect([turn(), commandText()]).toEqual([text, command]);
      confirm(1);
    }
    expect(sent.map(({ end }) => end)).toEqual(Array(3).fill('complete'));
  });

  test('are not joined to a write before them', () => {
    write('a');
    turn();
    write('b');
    datagram('c');
    confirm(1);
    expect(turn()).toBe('b');
    confirm(1);
    expect(turn()).toBe('c');
  });

  test('are not joined to a write after them', () => {
    datagram('a');
    write('b');
    expect(turn()).toBe('a');
    confirm(1);
    expect(turn()).toBe('b');
  });

  test('are not sent again when they were taken in part: the rest would be another one', () => {
    const sent = [datagram('abcd'), datagram('ef')];
    turn();
    confirm(3);
    expect(sent.map(({ end }) => end)).toEqual(['complete', 'open']);
    expect(turn()).toBe('ef');
  });

  test('are sent again when nothing was taken', () => {
    const sent = datagram('abcd');
    turn();
    confirm(0);
    run();
    expect([turn(), sent.end]).toEqual(['abcd', 'open']);
  });
});

describe('reports (Q-20)', () => {
  test('of more bytes than were sent count for no others', () => {
    const first = write('a');
    turn();
    const writes = [first, write('bc')];
    confirm(3);
    expect(writes.map(({ end }) => end)).toEqual(['complete', 'open']);
    expect([turn(), writer.confirmed]).toEqual(['bc', 1]);
  });

  test('progress makes the next pause short again', () => {
    write('ab');
    turn();
    confirm(0);
    run();
    turn();
    confirm(1);
    turn();
    const from = scheduler.frame;
    confirm(0);
    run();
    expect([scheduler.frame - from, turn()]).toEqual([20, 'b']);
  });

  test('nothing is sent within a pause, whatever is written', () => {
    write('a');
    turn();
    confirm(0);
    write('b');
    expect(turn()).toBeUndefined();
    run();
    expect(turn()).toBe('ab');
  });

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
      run();
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
    expect(turn()).toBeUndefined();
    run();
    expect(turn()).toBe('a');
    const error = refuse(4);
    expect(down).toEqual([error]);
  });
});

describe('a report that a part was taken, where the module counts (AT+CIPACK)', () => {
  test.each([
    ['counts all of it, is damaged: nothing is sent twice', of(5), undefined],
    ['counts that part, is true: the rest is sent', of(3), 'lo'],
    ['counts less, as what has gone out, is true', of(1), 'lo'],
    ['does not say how many, is believed', throwError(() => new Error('no')), 'lo'],
  ])('that %s', (_, taken$, rest) => {
    const { write, turn, confirm } = writerRig(() => taken$);
    const written = write('hello');
    expect(turn()).toBe('hello');
    confirm(3);
    expect(turn()).toBe(rest);
    expect(written.end).toBe(rest === undefined ? 'complete' : 'open');
  });

  test('a full buffer is asked for once, and its link is not used meanwhile', () => {
    const taken = new Subject<number>();
    let asked = 0;
    const { write, turn, confirm, advance } = writerRig(() => {
      asked += 1;
      return taken;
    });
    write('hello');
    turn();
    confirm(0);
    write('more');
    advance(1_000);
    expect([turn(), asked]).toEqual([undefined, 1]);
    taken.next(0);
    taken.complete();
    advance(20);
    expect(turn()).toBe('hellomore');
    confirm(0);
    advance(40);
    expect([turn(), asked]).toEqual(['hellomore', 1]);
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

  test('of what was not confirmed, nothing is sent within a pause', () => {
    const long = write('x'.repeat(2_000));
    write('y');
    turn();
    confirm(1_000);
    turn();
    confirm(0);
    long.unsubscribe();
    run();
    expect(turn()).toBe('y');
  });

  test('the last write makes it idle, unless it is on its way', () => {
    const idle: string[] = [];
    const first = write('a');
    writer.whenIdle(() => idle.push('first'));
    first.unsubscribe();
    expect([idle, turn()]).toEqual([['first'], undefined]);
    const second = write('b');
    turn();
    second.unsubscribe();
    writer.whenIdle(() => idle.push('second'));
    expect(idle).toEqual(['first']);
    confirm(1);
    expect(idle).toEqual(['first', 'second']);
  });

  test('one of several does not make it idle', () => {
    let idle = 0;
    const [first, second] = [write('a'), write('b')];
    writer.whenIdle(() => (idle += 1));
    first.unsubscribe();
    expect([idle, turn()]).toEqual([0, 'b']);
    const third = write('c');
    third.unsubscribe();
    expect(idle).toBe(0);
    second.unsubscribe();
    expect(idle).toBe(0);
    confirm(1);
    expect(idle).toBe(1);
  });

  test('after the end changes nothing', () => {
    const written = write('a');
    const other = write('b');
    writer.end(new Error('over'));
    written.unsubscribe();
    expect(errorOf(other)?.message).toBe('over');
  });
});

test('what was submitted is what was confirmed, and what is on its way of each write', () => {
  write('abc');
  write('defg');
  expect(writer.submitted).toBe(0);
  turn();
  expect(writer.submitted).toBe(7);
  confirm(5);
  expect([writer.submitted, writer.confirmed, turn()]).toEqual([5, 5, 'fg']);
  expect([writer.submitted, writer.confirmed]).toEqual([7, 5]);
});
