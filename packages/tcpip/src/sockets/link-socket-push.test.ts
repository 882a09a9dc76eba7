import { beforeEach, describe, expect, test } from 'vitest';
import { PEER, socketRig } from '../../test/socket-rig.js';
import { bytesOf, errorOf, observe, textOf, write } from '../../test/world.js';

/** Bytes that may wait here for a slow consumer. */
const LIMIT = 1_048_576;

let rig = socketRig();
beforeEach(() => {
  rig = socketRig();
});

/** A connection to which the module pushes, and what it receives. */
function pushed() {
  const made = rig.tcp('push');
  made.socket.opened();
  const received = observe(made.socket.received$);
  const push = (text: string, remaining = 0) => made.socket.pushed(bytesOf(text), remaining, undefined);
  return { ...made, received, push, text: () => textOf(received.values) };
}

describe('bytes that the module pushes', () => {
  test('are received as they come', () => {
    const { push, received } = pushed();
    push('he', 3);
    push('llo');
    expect(received.values.map((chunk) => textOf([chunk]))).toEqual(['he', 'llo']);
  });

  test('are received by a socket whose opening is not confirmed yet, and by none that has ended', () => {
    const { socket } = rig.tcp('push');
    const received = observe(socket.received$);
    socket.pushed(bytesOf('early'), 0, undefined);
    expect(textOf(received.values)).toBe('early');
    socket.abort();
    socket.pushed(bytesOf('late'), 0, undefined);
    rig.answer();
    socket.pushed(bytesOf('later\r\n'), 0, undefined);
    expect([textOf(received.values), rig.scheduler.actions]).toEqual(['early', []]);
  });

  test('are not asked for: a notification, or a read of another, means nothing', () => {
    const { socket, received } = pushed();
    socket.dataWaiting();
    socket.orphanedRead([]);
    expect([rig.turn(), received.values]).toEqual([undefined, []]);
  });

  test('may wait here, up to 1 MiB, as they cannot be held back', () => {
    const { socket, ended } = rig.tcp('push');
    socket.opened();
    socket.pushed(new Uint8Array(LIMIT), 0, undefined);
    expect(ended.values).toEqual([]);
    socket.pushed(new Uint8Array(1), 0, undefined);
    const message =
      `The connection to example.com:80 broke: more than ${LIMIT} bytes wait to be consumed, and direct push ` +
      'cannot be held back; open the network with receive: "buffer"';
    expect(ended.values).toMatchObject([{ by: 'lost', error: { code: 'LINK_CLOSED', message } }]);
    expect(rig.asked).toEqual(['AT+CIPCLOSE=9']);
  });
});

describe('the end of a block that may be a line of the module', () => {
  test('waits while a frame is on its way', () => {
    const { push, text } = pushed();
    rig.state.isMidFrame = true;
    push('hello\r\n');
    rig.advance(1_000);
    expect(text()).toBe('hello');
    rig.state.isMidFrame = false;
    rig.advance(100);
    expect(text()).toBe('hello\r\n');
  });

  test('is payload when the other side closes', () => {
    const { socket, push, text, received } = pushed();
    push('bye\r\n');
    socket.closedByModule(1);
    expect([text(), received.end]).toEqual(['bye\r\n', 'complete']);
  });

  test.each<[string, (socket: ReturnType<typeof pushed>['socket']) => void]>([
    ['this side closes', (socket) => socket.abort()],
    ['the network is lost', (socket) => socket.lost(new Error('gone'))],
    ['bytes of it were lost', (socket) => socket.framingLost()],
  ])('is not given out when %s', (_, end) => {
    const { socket, push, text } = pushed();
    push('hello\r\n');
    end(socket);
    expect(rig.scheduler.actions).toEqual([]);
    rig.advance(1_000);
    expect(text()).toBe('hello');
  });
});

describe('a block of which bytes were lost on the line', () => {
  const LOST =
    'The connection to example.com:80 broke: bytes of a block that the module pushed were lost on the line';

  test('ends the connection when it is not completed', () => {
    const { socket, ended, push, received, text } = pushed();
    push('half', 4);
    socket.blockAbandoned();
    const error = { code: 'FRAMING_LOST', link: 9, message: LOST };
    expect(ended.values).toMatchObject([{ by: 'lost', error }]);
    expect([errorOf(received), text(), rig.counted]).toMatchObject([error, 'half', ['framingErrors']]);
    expect(rig.asked).toEqual(['AT+CIPCLOSE=9']);
  });

  test('ends it with that, and not in good order, when the other side closes then', () => {
    const { socket, ended, push, received } = pushed();
    push('half', 4);
    socket.closedByModule(1);
    expect(ended.values).toMatchObject([{ by: 'lost', error: { code: 'FRAMING_LOST' } }]);
    expect([errorOf(received)?.code, rig.counted]).toEqual(['FRAMING_LOST', ['framingErrors']]);
  });

  test('says nothing of a connection that is not made yet', () => {
    const { socket, ended } = rig.tcp('push');
    socket.pushed(bytesOf('half'), 4, undefined);
    socket.closedByModule(1);
    expect([ended.values, rig.counted]).toEqual([[], []]);
  });

  test('is known by the next block that begins too early', () => {
    const { ended, push } = pushed();
    push('half', 4);
    push('whole');
    expect(ended.values).toMatchObject([{ by: 'lost', error: { code: 'FRAMING_LOST' } }]);
  });

  test('whole blocks are not given up', () => {
    const { socket, ended, push } = pushed();
    push('whole');
    socket.blockAbandoned();
    expect([ended.values, rig.counted]).toEqual([[], []]);
  });
});

describe('a UDP socket', () => {
  test('is named by its peer, or by its link', () => {
    const free = rig.udp();
    const bound = rig.udp('buffer', PEER);
    for (const { socket } of [free, bound]) {
      socket.opened();
      socket.closedByModule(2);
    }
    expect([free, bound].map(({ ended }) => ended.values)).toMatchObject([
      [{ error: { message: 'The module gave up the UDP socket on link 9: sending timed out.' } }],
      [{ error: { message: 'The module gave up the UDP socket to example.com:80: sending timed out.' } }],
    ]);
  });

  test('emits a datagram when all of it has come, with its sender', () => {
    const { socket } = rig.udp('push');
    socket.opened();
    const received = observe(socket.datagrams$);
    socket.pushed(bytesOf('he'), 3, PEER);
    expect(received.values).toEqual([]);
    socket.pushed(bytesOf('llo'), 0, PEER);
    expect(received.values).toEqual([{ bytes: bytesOf('hello'), from: PEER }]);
  });

  test('keeps datagrams that no subscriber takes, up to 1 MiB, and says that it is one', () => {
    const { socket, ended } = rig.udp('push');
    socket.opened();
    expect(socket.info).toEqual({
      link: 9,
      kind: 'udp',
      state: 'open',
      remote: undefined,
      server: undefined,
    });
    socket.pushed(new Uint8Array(LIMIT), 0, PEER);
    expect(ended.values).toEqual([]);
    socket.pushed(new Uint8Array(1), 0, PEER);
    expect(ended.values).toMatchObject([{ by: 'lost' }]);
  });

  test('drops a datagram that was cut short, and goes on', () => {
    const { socket, ended } = rig.udp('push');
    socket.opened();
    const received = observe(socket.datagrams$);
    socket.pushed(bytesOf('ha'), 2, PEER);
    socket.blockAbandoned();
    socket.pushed(bytesOf('whole'), 0, PEER);
    expect(received.values).toEqual([{ bytes: bytesOf('whole'), from: PEER }]);
    expect([rig.counted, ended.values]).toEqual([['framingErrors'], []]);
  });

  test('does not take a datagram that was not completed for a reason of its end', () => {
    const { socket, ended } = rig.udp('push');
    socket.opened();
    socket.pushed(bytesOf('ha'), 2, PEER);
    socket.closedByModule(1);
    expect(ended.values).toEqual([{ by: 'remote' }]);
  });

  test('reads datagrams whole, without a sender', () => {
    const { socket } = rig.udp();
    socket.opened();
    const received = observe(socket.datagrams$);
    socket.dataWaiting();
    rig.turn();
    rig.give('hello');
    expect(received.values).toEqual([{ bytes: bytesOf('hello'), from: undefined }]);
  });

  test('sends each datagram alone, to its peer or where it is told', () => {
    const { socket } = rig.udp('buffer', PEER);
    socket.opened();
    for (const to of [undefined, { host: '10.0.0.1', port: 53 }]) observe(socket.send('hi', to));
    expect([rig.turn(), rig.sent()]).toEqual(['AT+CIPSEND=9,2', 'hi']);
    rig.confirm(2);
    expect(rig.turn()).toBe('AT+CIPSEND=9,2,"10.0.0.1",53');
  });

  test('says what is wrong with what it is to send', () => {
    const { socket } = rig.udp();
    expect(errorOf(observe(socket.send('hi')))).toMatchObject({
      code: 'WRONG_MODE',
      message: 'Say where to send to: the UDP socket was bound without a peer.',
    });
    expect(errorOf(observe(socket.send(5 as never, PEER)))?.message).toContain('send()');
    expect(rig.turn()).toBeUndefined();
  });
});

test('what is to be sent and is never subscribed to is told, with its name', () => {
  rig.tcp().socket.write('hello');
  rig.udp().socket.send('hello', PEER);
  const then =
    'was never subscribed to, so nothing was sent: call subscribe() on it, or return it to an operator.';
  expect(rig.mistakes).toEqual([
    `write() of the connection to example.com:80 ${then}`,
    `send() of the UDP socket on link 8 ${then}`,
  ]);
});

describe('a TCP connection', () => {
  test('gives what one read brings as one chunk, and nothing for nothing', () => {
    const { socket } = rig.tcp();
    socket.opened();
    const received = observe(socket.received$);
    socket.dataWaiting();
    rig.turn();
    rig.parts('he', 'llo');
    socket.dataWaiting();
    rig.turn();
    rig.parts();
    expect(received.values).toEqual([bytesOf('hello')]);
  });

  test('counts what the module has taken, and is watched for its acknowledgements until it ends', () => {
    const { socket } = pushed();
    const [watched] = rig.watched;
    write(socket, 'hello');
    rig.turn();
    expect([watched?.host, watched?.link, watched?.written, watched?.isOpen]).toEqual([
      PEER.host,
      9,
      0,
      true,
    ]);
    rig.confirm(5);
    expect(watched?.written).toBe(5);
    socket.abort();
    expect([watched?.isOpen, rig.watched.size]).toEqual([false, 1]);
    rig.answer();
    expect(rig.watched.size).toBe(0);
  });

  describe('delivered', () => {
    test('asks, when all is written, until the peer has acknowledged as much', () => {
      const { socket } = pushed();
      write(socket, 'hello');
      rig.turn();
      const delivered = observe(socket.delivered());
      expect(rig.asked).toEqual([]);
      rig.confirm(5);
      rig.answer({ acknowledged: 4 });
      expect([rig.asked, delivered.end]).toEqual([['AT+CIPACK=9'], 'open']);
      rig.advance(99);
      expect(rig.asked).toHaveLength(1);
      rig.advance(1);
      rig.answer({ acknowledged: 5 });
      expect([rig.asked.length, delivered.values, delivered.end]).toEqual([2, [], 'complete']);
    });

    test('fails when the connection has ended before', () => {
      const { socket } = pushed();
      socket.abort();
      expect(errorOf(observe(socket.delivered()))).toMatchObject({
        code: 'LINK_CLOSED',
        link: 9,
        message: 'The connection to example.com:80 has ended before everything was acknowledged.',
      });
    });
  });
});
