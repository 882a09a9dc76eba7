import { beforeEach, describe, expect, test } from 'vitest';
import { lossOf, refused, socketRig } from '../../test/socket-rig.js';
import { bytesOf, observe, write } from '../../test/world.js';
import { ModemError } from '../base/errors.js';

const READ = 'AT+CIPRXGET=2,9,1500';
const CLOSED = '\r\n+IPCLOSE: 9,1\r\n';

let rig = socketRig();
beforeEach(() => {
  rig = socketRig();
});

describe('a socket whose link is in question', () => {
  test('because its end was reported sends nothing, and reads on', () => {
    const { socket } = rig.open();
    socket.inQuestion('ended');
    write(socket, 'a');
    expect(rig.turn()).toBeUndefined();
    socket.dataWaiting();
    expect(rig.turn()).toBe(READ);
  });

  test('because its number is contested neither sends nor reads', () => {
    const { socket } = rig.open();
    socket.inQuestion('contested');
    write(socket, 'a');
    socket.dataWaiting();
    expect([rig.turn(), rig.turn()]).toEqual([undefined, undefined]);
    socket.inQuestion(undefined);
    expect([rig.turn(), rig.turn()].sort()).toEqual([READ, 'AT+CIPSEND=9,1']);
  });

  test('was not used while nothing was on its way', () => {
    const { socket } = rig.open();
    expect(socket.wasUsed).toBe(false);
    socket.inQuestion('contested');
    write(socket, 'a');
    expect(socket.wasUsed).toBe(false);
  });

  test('was used when something was on its way as its number was contested', () => {
    const { socket } = rig.open();
    write(socket, 'a');
    rig.turn();
    socket.inQuestion('ended');
    expect(socket.wasUsed).toBe(false);
    socket.inQuestion('contested');
    expect(socket.wasUsed).toBe(true);
    socket.inQuestion(undefined);
    expect(socket.wasUsed).toBe(false);
  });

  test('was used when something was read meanwhile', () => {
    const { socket } = rig.open();
    socket.dataWaiting();
    rig.turn();
    socket.inQuestion('contested');
    rig.give('hello');
    expect(socket.wasUsed).toBe(true);
  });

  test('with direct push is held as well', () => {
    const { socket } = rig.open('push');
    socket.inQuestion('contested');
    write(socket, 'a');
    expect([rig.turn(), socket.wasUsed]).toEqual([undefined, false]);
  });
});

describe('a send that failed after the end of the link was reported', () => {
  const failing = (error: Error) => {
    const made = rig.open();
    write(made.socket, 'a');
    rig.turn();
    rig.print(CLOSED);
    rig.fail(error);
    return lossOf(made).ended;
  };

  test('by a refusal shows that the report was true: the peer has closed', () => {
    expect(failing(refused())).toEqual(['remote']);
  });

  test('by silence shows nothing: the connection broke', () => {
    expect(failing(new ModemError('TIMEOUT', 'late'))).toMatchObject([{ code: 'LINK_CLOSED' }]);
  });
});

describe('a link that the module lists no more', () => {
  const UNLISTED = new ModemError('LINK_CLOSED', 'not listed');

  test('in the middle of a block has lost bytes', () => {
    const made = rig.open('push');
    made.socket.pushed(bytesOf('ab'), 5, undefined);
    made.socket.unlisted(UNLISTED);
    expect(lossOf(made).ended).toMatchObject([{ code: 'FRAMING_LOST' }]);
  });

  test('between two blocks ends with that', () => {
    const made = rig.open('push');
    made.socket.pushed(bytesOf('ab'), 0, undefined);
    made.socket.unlisted(UNLISTED);
    expect(lossOf(made).ended).toEqual([UNLISTED]);
  });

  test('while it is being closed is closed, though it is in the middle of a block', () => {
    const { socket, gone } = rig.open('push');
    socket.abort();
    socket.pushed(bytesOf('ab'), 5, undefined);
    socket.unlisted(UNLISTED);
    expect([gone.end, rig.counted, rig.asked]).toEqual(['complete', [], ['AT+CIPCLOSE=9']]);
  });
});

describe('what comes for a socket', () => {
  test.each([
    ['buffer', false],
    ['hex', false],
    ['push', true],
  ] as const)('unasked is its own with direct push only: %s', (receive, isTaken) => {
    expect(rig.open(receive).socket.pushed(bytesOf('a'), 0, undefined)).toBe(isTaken);
  });

  test('and lost bytes ends it, in buffer access too', () => {
    const made = rig.open();
    made.socket.framingLost();
    expect(lossOf(made).ended).toMatchObject([{ code: 'FRAMING_LOST' }]);
  });

  test('is not counted on a datagram socket: the module holds what it holds', () => {
    rig.udp().socket.opened();
    const [question] = rig.questions;
    expect(question && observe(question.found(7)).end).toBe('complete');
  });
});

describe('a report that less was taken than was sent', () => {
  test('is compared with what the module has counted of a connection: nothing is sent twice', () => {
    const { socket } = rig.open();
    const writing = write(socket, 'hello');
    rig.turn();
    rig.confirm(2);
    expect(rig.asked).toEqual(['AT+CIPACK=9']);
    rig.answer({ sent: 5, acknowledged: 0, received: 0 });
    expect([writing.end, rig.turn()]).toEqual(['complete', undefined]);
  });

  test('is believed of a datagram, which the module does not count', () => {
    const { socket } = rig.udp('buffer', { host: '10.0.0.1', port: 9 });
    socket.opened();
    const writing = observe(socket.send(bytesOf('hello')));
    rig.turn();
    rig.confirm(2);
    expect([rig.asked, writing.end, rig.turn()]).toEqual([[], 'complete', undefined]);
  });
});
