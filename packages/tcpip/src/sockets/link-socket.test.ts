import { AtError, IpErrorNumber } from '@a7600/at-codec';
import { beforeEach, describe, expect, test } from 'vitest';
import { notingHandler } from '../../test/link-rig.js';
import { blockOf } from '../../test/reader-rig.js';
import { lossOf, PEER, refused, socketRig } from '../../test/socket-rig.js';
import { errorOf, observe, textOf, write } from '../../test/world.js';
import { ModemError } from '../base/errors.js';
import { TcpLink } from './tcp-link.js';

const READ = 'AT+CIPRXGET=2,9,1500';

let rig = socketRig();
beforeEach(() => {
  rig = socketRig();
});

describe('the state of a socket', () => {
  const states = () => {
    const seen: string[][] = [];
    rig.table.links$.subscribe((links) => seen.push(links.map(({ state }) => state)));
    return seen;
  };

  test('is opening, open, closing, and each change is told', () => {
    const { socket } = rig.tcp();
    const seen = states();
    expect(socket.isOpen).toBe(false);
    socket.opened();
    expect(socket.isOpen).toBe(true);
    socket.opened();
    socket.abort();
    expect(socket.isOpen).toBe(false);
    rig.answer();
    expect(seen).toEqual([['opening'], ['open'], ['closing'], []]);
    expect(socket.info).toEqual({ link: 9, kind: 'tcp', state: 'closing', remote: PEER, server: undefined });
  });

  test('is open from the beginning for one that a server accepted', () => {
    expect(rig.tcp('buffer', 1).socket.info).toMatchObject({ state: 'open', server: 1 });
  });

  test('stays closing when its connection is made too late', () => {
    const { socket } = rig.tcp();
    socket.abort();
    socket.opened();
    expect([socket.info.state, socket.isOpen]).toEqual(['closing', false]);
  });
});

describe('what waits in the module although nothing notified it', () => {
  test('is asked for while the socket is open, whether or not it wants bytes', () => {
    const { socket } = rig.tcp();
    const [question] = rig.questions;
    const applies = () => question?.applies?.();
    expect(question?.command.text).toBe('AT+CIPRXGET=4,9');
    const received = observe(socket.received$);
    expect(applies()).toBe(false);
    socket.opened();
    expect(applies()).toBe(true);
    socket.pause();
    received.unsubscribe();
    expect(applies()).toBe(true);
    socket.abort();
    expect(applies()).toBe(false);
    rig.answer();
    expect(rig.questions.size).toBe(0);
  });

  test('is read, if it is anything', () => {
    rig.open();
    const [question] = rig.questions;
    question?.found(0).subscribe();
    expect(rig.turn()).toBeUndefined();
    question?.found(1).subscribe();
    expect(rig.turn()).toBe(READ);
  });

  test('is not asked for where the module pushes', () => {
    rig.open('push');
    expect(rig.questions.size).toBe(0);
  });
});

describe('buffer access', () => {
  test('reads what was notified, and reads on when it is wanted again', () => {
    const { socket, received } = rig.open();
    socket.dataWaiting();
    expect(rig.turn()).toBe(READ);
    rig.give('hello', 3);
    socket.pause();
    expect(rig.turn()).toBeUndefined();
    socket.resume();
    expect(rig.turn()).toBe(READ);
    rig.give('you');
    expect(received.values.map((chunk) => textOf([chunk]))).toEqual(['hello', 'you']);
  });

  test('of hexadecimal digits is another command', () => {
    rig.open('hex').socket.dataWaiting();
    expect(rig.turn()).toBe('AT+CIPRXGET=3,9,750');
  });

  test('takes a block whose read had ended, and reads the rest', () => {
    const { socket, received } = rig.open();
    socket.orphanedRead(blockOf('late', 4, 3, 9));
    expect([textOf(received.values), rig.turn()]).toEqual(['late', READ]);
  });

  test('takes no such block before the connection is made: it is of the one before', () => {
    const { socket } = rig.tcp();
    const received = observe(socket.received$);
    socket.orphanedRead(blockOf('late', 4, 3, 9));
    expect([received.values, rig.turn()]).toEqual([[], undefined]);
  });

  test('knows nothing of blocks that the module pushes', () => {
    const { socket, received } = rig.open();
    socket.pushed(new Uint8Array(5), 10, undefined);
    socket.pushed(new Uint8Array(5), 0, undefined);
    expect([received.values, rig.counted, socket.isOpen]).toEqual([[], [], true]);
  });

  test('an answer to a read that is lost ends the connection', () => {
    const opened = rig.open();
    opened.socket.dataWaiting();
    rig.turn();
    const cause = new ModemError('TIMEOUT', 'no answer');
    rig.fail(cause);
    expect(rig.asked).toEqual(['AT+CIPCLOSE=9']);
    const error = { code: 'LINK_CLOSED', link: 9, cause };
    expect(lossOf(opened)).toMatchObject({ ended: [error], received: error });
    expect(errorOf(opened.received)?.message).toBe('The connection to example.com:80 broke: no answer');
  });

  test('says that the network is closed where the module does', () => {
    let closed = 0;
    rig.table.networkClosed$.subscribe(() => closed++);
    rig.open().socket.dataWaiting();
    rig.turn();
    rig.fail(new AtError('IP_ERROR', 'no network', { number: IpErrorNumber.NETWORK_NOT_OPENED }));
    expect(closed).toBe(1);
  });
});

describe('a link that the module gives to another connection', () => {
  /** The link of a socket is accepted for another one. */
  function replaced(receive: 'buffer' | 'push' = 'buffer', next: 'buffer' | 'push' = 'buffer') {
    const first = rig.tcp(receive);
    const successor = new TcpLink(rig.session, { link: 9, remote: PEER, server: 0, receive: next });
    return { ...first, successor, accept: () => rig.table.accept(9, successor) };
  }

  test('loses what was not read', () => {
    const { socket, ended, accept } = replaced();
    socket.opened();
    accept();
    const message = 'The module gave the link of the connection to example.com:80 away before all was read.';
    expect(ended.values).toMatchObject([{ by: 'lost', error: { code: 'LINK_CLOSED', message } }]);
    expect(rig.asked).toEqual(['AT+CIPOPEN?']);
  });

  test('while it is being opened is opened again on another one', () => {
    const { ended, accept } = replaced();
    accept();
    expect(ended.values).toMatchObject([{ by: 'lost', error: { name: 'Error', message: '' } }]);
  });

  test('gets the answer to a read that was on its way', () => {
    const { socket, successor, accept } = replaced();
    const received = observe(successor.received$);
    socket.opened();
    observe(socket.received$);
    socket.dataWaiting();
    rig.turn();
    accept();
    rig.give('of the next');
    expect(textOf(received.values)).toBe('of the next');
  });

  test.each([
    ['push', 'buffer'],
    ['buffer', 'push'],
  ] as const)('needs no reader to hand over: %s, then %s', (receive, next) => {
    const { socket, ended, accept } = replaced(receive, next);
    socket.opened();
    observe(socket.received$);
    socket.dataWaiting();
    rig.turn();
    expect(accept).not.toThrow();
    expect(ended.values).toHaveLength(1);
  });

  test('may be given to a connection of another kind', () => {
    const { socket, ended } = replaced();
    socket.opened();
    observe(socket.received$);
    socket.dataWaiting();
    rig.turn();
    expect(() => rig.table.accept(9, notingHandler(9, []))).not.toThrow();
    expect(ended.values).toMatchObject([{ by: 'lost' }]);
  });

  test.each([
    ['has another owner again', true],
    ['is free again', false],
  ])('was sent what was meant for the first, and %s: no one is left to tell', (_, hasOwner) => {
    const { socket, successor, accept } = replaced();
    socket.opened();
    write(socket, 'secret');
    rig.turn();
    accept();
    if (hasOwner) rig.table.accept(9, notingHandler(9, []));
    else rig.table.free(9, successor);
    rig.accepted();
    expect(() => rig.confirm(6)).not.toThrow();
  });

  test('tells the next one that it was sent what was meant for the first', () => {
    const { socket, successor, accept } = replaced();
    const next = observe(successor.ended$);
    socket.opened();
    write(socket, 'secret');
    rig.turn();
    accept();
    rig.accepted();
    rig.confirm(6);
    expect(next.values).toMatchObject([
      {
        by: 'lost',
        error: {
          code: 'LINK_CLOSED',
          message:
            'The connection to example.com:80 broke: the module sent to it what was meant for the connection that ' +
            'had its link before',
        },
      },
    ]);
  });
});

describe('what the module reports of a send', () => {
  test('may be that the link is down', () => {
    const opened = rig.open();
    write(opened.socket, 'sent');
    expect(rig.turn()).toBe('AT+CIPSEND=9,4');
    rig.confirm(-1);
    const error = {
      code: 'LINK_CLOSED',
      message: 'The connection to example.com:80 broke.',
    };
    expect(lossOf(opened)).toMatchObject({ ended: [error], received: error });
    expect(rig.asked).toEqual(['AT+CIPCLOSE=9']);
  });

  test('may be a refusal, which is the cause then', () => {
    const { socket, ended } = rig.open();
    write(socket, 'sent');
    rig.turn();
    const cause = refused();
    rig.fail(cause);
    expect(ended.values).toMatchObject([{ by: 'lost', error: { code: 'LINK_CLOSED', cause } }]);
  });
});
