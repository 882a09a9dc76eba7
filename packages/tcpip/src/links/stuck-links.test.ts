import { type Behaviour, ok, refuse } from '@a7600/testing';
import { expect, test } from 'vitest';
import { connection, listening } from '../../test/fixtures.js';
import { observe, openNetwork, type World, world } from '../../test/world.js';

const MINUTE = 60_000;

/** A module that refuses to close links, with their state as it is, until it is told otherwise. */
function stubborn(): { readonly w: World; relent(): void } {
  let refuses = true;
  const closing: Behaviour = {
    command: '+CIPCLOSE',
    read: () => ok('+CIPCLOSE: 1,1,1,1,1,1,1,1,1,1'),
    write: () => (refuses ? refuse() : ok('+CIPCLOSE: 9,0')),
  };
  return {
    w: world({ behaviours: [closing] }),
    relent: () => {
      refuses = false;
    },
  };
}

test('a link that the module does not close keeps nothing waiting, and its number is not used again', () => {
  const { w } = stubborn();
  const network = openNetwork(w);
  const found = observe(network.modem.last.discrepancies$);
  const { socket } = connection(w, network);
  const { link } = socket.last;
  const closing = observe(socket.last.close());
  w.advance(2 * MINUTE);
  expect([closing.end, socket.end]).toEqual(['complete', 'complete']);
  expect(found.values).toEqual([{ kind: 'link stuck', link, action: 'left alone' }]);
  expect(connection(w, network, 'example.org').socket.last.link).not.toBe(link);
  w.advance(5 * MINUTE);
  expect(found.values).toHaveLength(1);
});

test('its number is used again when the module says that the link is closed', () => {
  const { w } = stubborn();
  const network = openNetwork(w);
  const { socket, far } = connection(w, network);
  const { link } = socket.last;
  observe(socket.last.close());
  w.advance(2 * MINUTE);
  w.module.control.faults.next('lostLine', { line: /^\+IPCLOSE/ });
  observe(far.close());
  w.advance(2 * MINUTE);
  expect(connection(w, network, 'example.org').socket.last.link).toBe(link);
});

test('a network whose links the module does not close is closed all the same', () => {
  const { w } = stubborn();
  const { network } = listening(w);
  connection(w, network);
  const closing = observe(network.last.close());
  w.advance(3 * MINUTE);
  expect([closing.end, w.module.control.networkOpen]).toEqual(['complete', false]);
});

test('a modem whose links the module does not close is closed in the time that it is given', () => {
  const { w } = stubborn();
  const network = openNetwork(w);
  connection(w, network);
  const closing = observe(network.modem.last.close());
  w.advance(11_500);
  expect(closing.end).toBe('complete');
  w.advance(MINUTE);
  expect(w.scheduler.actions).toEqual([]);
});

test('close() of a socket whose peer never reads ends after two minutes without progress', () => {
  const w = world();
  const network = openNetwork(w);
  const { socket, far } = connection(w, network);
  far.pause();
  const writing = observe(socket.last.write(new Uint8Array(200_000)));
  const closing = observe(socket.last.close());
  w.advance(MINUTE);
  expect(closing.end).toBe('open');
  w.advance(4 * MINUTE);
  expect([closing.end, typeof writing.end]).toEqual(['complete', 'object']);
});
