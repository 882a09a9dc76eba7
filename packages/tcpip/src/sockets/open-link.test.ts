import { AtError, CommandErrorNumber } from '@a7600/at-codec';
import { NEVER, Subject } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { notingHandler } from '../../test/link-rig.js';
import { PEER, refused, socketRig } from '../../test/socket-rig.js';
import { errorOf, observe, write } from '../../test/world.js';
import { ModemError } from '../base/errors.js';
import { bind } from './bind.js';
import { connect } from './connect.js';

const OPEN = 'AT+CIPOPEN=9,"TCP","example.com",80';
const CLOSE = 'AT+CIPCLOSE=9';
const inUse = () => new AtError('SOCKET_ERROR', 'in use', { number: CommandErrorNumber.LINK_IN_USE });

let rig = socketRig();
beforeEach(() => {
  rig = socketRig();
});

/** A connection that is being made. */
function opening(different: Parameters<typeof rig.scope>[0] = {}) {
  const scope = rig.scope(different);
  return { scope, socket: observe(connect(scope, PEER)) };
}
/** One that is made. */
function opened() {
  const made = opening();
  rig.answer();
  return made;
}

describe('a connection that is opened', () => {
  test('is there when the module says so', () => {
    const { socket } = opening();
    expect([rig.asked, socket.values]).toEqual([[OPEN], []]);
    rig.answer();
    expect([socket.values.length, socket.last.link, socket.end]).toEqual([1, 9, 'open']);
    expect(rig.table.all().map(({ info }) => info.state)).toEqual(['open']);
  });

  test('shows whether data passes, where it is a TCP one', () => {
    observe(bind(rig.scope(), { port: 5_000, remote: PEER }));
    observe(bind(rig.scope(), { port: 5_001 }));
    expect(rig.attempts).toEqual([]);
    opening();
    expect(rig.attempts).toEqual([PEER.host]);
  });

  test('waits for the network to be set for it', () => {
    const ready = new Subject<never>();
    opening({ readyForLinks: () => ready });
    expect([rig.asked, rig.table.all()]).toEqual([[], []]);
    ready.complete();
    expect(rig.asked).toEqual([OPEN]);
  });

  test('takes no link below those that are free for it', () => {
    const all = Array.from({ length: 9 }, () => opening({ firstFree: 1 }));
    expect(rig.asked).toHaveLength(9);
    expect(errorOf(opening({ firstFree: 1 }).socket)?.code).toBe('CAPACITY');
    expect(all.map(({ socket }) => socket.end)).toEqual(Array(9).fill('open'));
  });

  test('and refused fails with that, asks for no second try, and frees its link', () => {
    const { socket } = opening();
    const error = refused();
    rig.refuse(error);
    expect([socket.end, rig.asked, rig.table.all()]).toEqual([{ error }, [OPEN], []]);
    rig.advance(0);
    expect(rig.asked).toEqual([OPEN]);
  });

  test('and not answered is closed once, for it may be there', () => {
    const { socket } = opening();
    const error = new ModemError('TIMEOUT', 'no answer');
    rig.refuse(error);
    rig.advance(0);
    expect([socket.end, rig.asked]).toEqual([{ error }, [OPEN, CLOSE]]);
    rig.answer();
    rig.advance(0);
    expect([rig.asked.length, rig.table.all()]).toEqual([2, []]);
  });

  test('on a link that the module has in use is opened again once that is closed (Q-34)', () => {
    const { socket } = opening();
    rig.refuse(inUse());
    expect(rig.asked).toEqual([OPEN, CLOSE]);
    rig.answer();
    expect(rig.asked).toEqual([OPEN, CLOSE, OPEN]);
    rig.answer();
    expect(socket.values).toHaveLength(1);
  });

  test('on a link that was given to a client meanwhile is opened on another one (Q-34)', () => {
    const { socket } = opening();
    rig.table.accept(9, notingHandler(9, []));
    const next = OPEN.replace('9', '8');
    expect(rig.asked).toEqual([OPEN, next, 'AT+CIPOPEN?']);
    rig.refuse(inUse(), OPEN);
    expect(rig.asked).toHaveLength(3);
    rig.answer(undefined, next);
    expect([socket.last.link, socket.end]).toEqual([8, 'open']);
  });

  test('is not opened when all ten were given away', () => {
    const { socket } = opening();
    for (let link = 9; link >= 0; link--) {
      rig.table.accept(link, notingHandler(link, []));
      rig.refuse(inUse(), OPEN.replace('9', `${link}`));
    }
    expect(rig.asked.filter((text) => text.includes('TCP'))).toHaveLength(10);
    expect(socket.end).not.toBe('open');
  });
});

describe('a connection that is given up', () => {
  test('is closed once, and says why its socket is of no use', () => {
    const { socket } = opened();
    const { last } = socket;
    socket.unsubscribe();
    rig.advance(0);
    expect(rig.asked).toEqual([OPEN, CLOSE]);
    expect(errorOf(write(last, 'late'))?.message).toContain('released because its subscription ended');
    rig.answer();
    rig.advance(0);
    expect([rig.asked.length, rig.table.all()]).toEqual([2, []]);
  });

  test('with its network is closed from this side', () => {
    const { socket, scope } = opened();
    const { last } = socket;
    scope.lifetime.release();
    rig.advance(0);
    expect(errorOf(write(last, 'late'))?.message).toContain('was closed from this side');
    rig.answer();
    expect([socket.end, rig.asked]).toEqual(['complete', [OPEN, CLOSE]]);
  });

  test('while it is opened is closed at once, and again when it turns out to be open', () => {
    const { socket } = opening();
    socket.unsubscribe();
    rig.advance(0);
    expect(rig.asked).toEqual([OPEN, CLOSE]);
    rig.answer(undefined, CLOSE);
    rig.answer(undefined, OPEN);
    expect(rig.asked).toEqual([OPEN, CLOSE, CLOSE]);
    rig.answer();
    expect(rig.table.all()).toEqual([]);
  });

  test('while it is opened needs no more when that is refused', () => {
    const { socket, scope } = opening();
    socket.unsubscribe();
    rig.advance(0);
    rig.answer(undefined, CLOSE);
    rig.refuse(refused(), OPEN);
    expect([rig.asked, rig.table.all()]).toEqual([[OPEN, CLOSE], []]);
    expect(observe(scope.lifetime.release()).end).toBe('open');
    rig.advance(0);
    expect(rig.asked).toEqual([OPEN, CLOSE]);
  });

  test('after the module gave its link away is not closed: the link is another one’s', () => {
    const { socket } = opening();
    rig.table.accept(9, notingHandler(9, []));
    socket.unsubscribe();
    rig.advance(0);
    expect(rig.asked).not.toContain(CLOSE);
  });
});

test('a UDP socket on a port that is being given back waits for that', () => {
  const scope = rig.scope();
  const first = observe(bind(scope, { port: 5_000 }));
  rig.answer();
  first.unsubscribe();
  observe(bind(scope, { port: 5_000 }));
  const other = observe(bind(scope, { port: 5_001 }));
  rig.advance(0);
  expect(rig.asked).toEqual(['AT+CIPOPEN=9,"UDP",,,5000', 'AT+CIPOPEN=7,"UDP",,,5001', CLOSE]);
  rig.answer(undefined, CLOSE);
  rig.advance(0);
  expect(rig.asked.at(-1)).toBe('AT+CIPOPEN=8,"UDP",,,5000');
  expect(other.values).toEqual([]);
});

test('where pushed data would not tell, only what can be told apart is opened', () => {
  const scope = rig.scope({ receive: 'push', linkInHeader: false, readyForLinks: () => NEVER });
  rig.tcp('push');
  expect(errorOf(observe(bind(scope, { port: 5_000, remote: PEER })))?.code).toBe('CAPACITY');
  expect(errorOf(observe(connect(scope, { host: '10.0.0.1', port: 80 })))?.code).toBe('CAPACITY');
  rig = socketRig();
  const first = { host: '10.0.0.2', port: 80 };
  const next = rig.scope({ receive: 'push', linkInHeader: false });
  observe(connect(next, first));
  expect(observe(connect(next, { host: '10.0.0.1', port: 80 })).end).toBe('open');
  expect(errorOf(observe(connect(next, first)))?.code).toBe('CAPACITY');
});
