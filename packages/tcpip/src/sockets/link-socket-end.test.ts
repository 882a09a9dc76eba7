import { beforeEach, describe, expect, test } from 'vitest';
import { lossOf, socketRig } from '../../test/socket-rig.js';
import { errorOf, observe, textOf, write } from '../../test/world.js';
import { ModemError } from '../base/errors.js';

const READ = 'AT+CIPRXGET=2,9,1500';

let rig = socketRig();
beforeEach(() => {
  rig = socketRig();
});

describe('the end by the other side (+IPCLOSE)', () => {
  test('comes after what the module holds was read, wanted or not', () => {
    const { socket, ended, gone } = rig.tcp();
    socket.opened();
    socket.closedByModule(1);
    expect([ended.values, socket.isOpen, gone.end]).toEqual([[{ by: 'remote' }], false, 'open']);
    expect(rig.turn()).toBe(READ);
    rig.give('last', 2);
    rig.turn();
    rig.give('ly');
    expect([gone.end, rig.asked]).toEqual(['complete', []]);
    const received = observe(socket.received$);
    expect([textOf(received.values), received.end]).toEqual(['lastly', 'complete']);
  });

  test('comes before an opening socket is open, or again: nothing', () => {
    const { socket, ended } = rig.tcp();
    socket.closedByModule(1);
    expect([ended.values, socket.info.state]).toEqual([[], 'opening']);
    socket.opened();
    socket.closedByModule(1);
    socket.closedByModule(2);
    expect(ended.values).toEqual([{ by: 'remote' }]);
  });

  test('frees the link when the module has reported on what it took before', () => {
    const { socket, gone } = rig.open();
    const written = write(socket, 'sent');
    rig.turn();
    rig.accepted();
    socket.closedByModule(1);
    rig.meanwhile(() => {
      expect(rig.turn()).toBe(READ);
      rig.give('');
    });
    expect([gone.end, written.end]).toEqual(['open', 'open']);
    rig.confirm(4);
    expect([gone.end, written.end]).toEqual(['complete', 'complete']);
    expect(rig.table.all()).toEqual([]);
  });

  test.each([
    [0, 'LINK_CLOSED'],
    [2, 'LINK_CLOSED'],
  ])('of reason %i is a loss, and fails what is on its way', (reason, code) => {
    const opened = rig.open('push');
    const written = write(opened.socket, 'sent');
    rig.turn();
    opened.socket.closedByModule(reason);
    expect(lossOf(opened)).toMatchObject({ ended: [{ code, reason, link: 9 }], received: { code, reason } });
    expect(errorOf(written)).toMatchObject({ code, reason });
  });

  test('whose rest cannot be read loses it, and closes the link', () => {
    const { socket, received, ended, gone } = rig.open();
    socket.closedByModule(1);
    rig.turn();
    rig.fail(new ModemError('TIMEOUT', 'no answer'));
    expect([ended.values, rig.asked]).toEqual([[{ by: 'remote' }], ['AT+CIPCLOSE=9']]);
    expect(errorOf(received)).toMatchObject({ code: 'LINK_CLOSED' });
    expect(gone.end).toBe('open');
    rig.answer();
    expect(gone.end).toBe('complete');
  });
});

describe('close', () => {
  test('waits for what was written, then closes the link', () => {
    const { socket, ended } = rig.open('push');
    write(socket, 'sent');
    rig.turn();
    const closed = observe(socket.close());
    expect(rig.asked).toEqual([]);
    rig.confirm(4);
    expect([rig.asked, ended.values, closed.end]).toEqual([['AT+CIPCLOSE=9'], [{ by: 'local' }], 'open']);
    rig.answer();
    expect([closed.end, rig.scheduler.actions]).toEqual(['complete', []]);
  });

  test('waits no longer than 120 s for a peer that takes nothing', () => {
    const { socket } = rig.open('push');
    const written = write(socket, 'sent');
    rig.turn();
    observe(socket.close());
    rig.advance(119_999);
    expect(rig.asked).toEqual([]);
    rig.advance(1);
    expect(rig.asked).toEqual(['AT+CIPCLOSE=9']);
    expect(errorOf(written)).toMatchObject({
      code: 'LINK_CLOSED',
      link: 9,
      message: 'The connection to example.com:80 was closed from this side.',
    });
  });

  test('reads what the module holds before, if anybody wants it', () => {
    const { socket, received } = rig.open();
    observe(socket.close());
    expect([rig.asked, rig.turn()]).toEqual([[], READ]);
    rig.give('held');
    expect([textOf(received.values), rig.asked]).toEqual(['held', ['AT+CIPCLOSE=9']]);
  });

  test.each(['buffer', 'push'] as const)('reads nothing that no subscriber wants, receive: %s', (receive) => {
    const { socket } = rig.tcp(receive);
    socket.opened();
    if (receive === 'push') observe(socket.received$);
    observe(socket.close());
    expect([rig.asked, rig.turn()]).toEqual([['AT+CIPCLOSE=9'], undefined]);
  });

  test('of a socket that is being opened reads nothing', () => {
    const { socket } = rig.tcp();
    observe(socket.received$);
    observe(socket.close());
    expect([rig.asked, rig.turn()]).toEqual([['AT+CIPCLOSE=9'], undefined]);
  });

  test('after the end completes, and sends nothing', () => {
    const { socket } = rig.open();
    socket.abort();
    rig.answer();
    expect([observe(socket.close()).end, rig.asked]).toEqual(['complete', ['AT+CIPCLOSE=9']]);
    expect(rig.scheduler.actions).toEqual([]);
  });

  test('asked for twice closes once', () => {
    const { socket } = rig.open();
    socket.abort();
    socket.abort();
    expect(rig.asked).toEqual(['AT+CIPCLOSE=9']);
  });

  test('ends what is received in good order, also what waits, and stops reading', () => {
    const { socket, ended, received } = rig.open();
    socket.dataWaiting();
    socket.abort();
    expect([ended.values, received.end]).toEqual([[{ by: 'local' }], 'complete']);
    rig.answer();
    expect(rig.turn()).toBeUndefined();
  });

  test('because its subscription has ended says what to do', () => {
    const { socket, ended } = rig.open();
    observe(socket.release());
    expect(errorOf(write(socket, 'late'))).toMatchObject({
      code: 'LINK_CLOSED',
      link: 9,
      message:
        'The connection to example.com:80 was released because its subscription ended. Keep the subscription for ' +
        'as long as the socket is used (with promises: open() of @a7600/transport/async instead of firstValueFrom).',
    });
    expect(ended.values).toEqual([{ by: 'local' }]);
  });
});

describe('a link that is lost with the network', () => {
  test('ends at once with the reason, and needs no command to be closed', () => {
    const opened = rig.open();
    const error = new Error('the network is gone');
    opened.socket.lost(error);
    expect(lossOf(opened)).toEqual({ ended: [error], received: error });
    expect([opened.gone.end, rig.asked, rig.table.all()]).toEqual(['complete', [], []]);
    expect([rig.questions.size, rig.watched.size]).toEqual([0, 0]);
  });

  test('ends no socket that has ended', () => {
    const { socket, ended } = rig.open();
    socket.abort();
    rig.answer();
    let changes = -1;
    rig.table.links$.subscribe(() => changes++);
    socket.lost(new Error('too late'));
    expect([ended.values, changes]).toEqual([[{ by: 'local' }], 0]);
  });
});
