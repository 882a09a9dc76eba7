import { csq } from '@a7600/at-codec';
import { note100 } from '@a7600/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  bytesOf,
  commandsSince,
  errorOf,
  observe,
  openNetwork,
  textOf,
  type World,
  world,
} from '../../test/world.js';
import type { NetworkOptions } from '../network/options.js';

/** A UDP socket on port 5000 and a host outside that has port 53. */
function bound(
  w: World,
  options?: NetworkOptions,
  remote?: { readonly host: string; readonly port: number },
) {
  const network = openNetwork(w, options);
  const socket = observe(network.last.bind({ port: 5000, remote }));
  const far = observe(w.outside.host('10.9.9.9').bind(53)).last;
  const arrived = observe(far.received$);
  w.advance(10);
  const send = (text: string) => observe(far.send(bytesOf(text), { host: '10.0.0.2', port: 5000 }));
  return { network, socket, far, arrived, send };
}

const PEER = { host: '10.9.9.9', port: 53 };

let w: World;
beforeEach(() => {
  w = world();
});

describe.each([
  ['buffer', undefined],
  ['hex', undefined],
  ['push', PEER],
] as const)('a UDP socket, receive: %s', (receive, from) => {
  test('keeps the boundaries of datagrams both ways', () => {
    const { socket, arrived, send } = bound(w, { receive });
    const datagrams = observe(socket.last.datagrams$);
    const sizes = [1, 700, 3, 1400, 750];
    for (const size of sizes) send('x'.repeat(size));
    for (const size of sizes) observe(socket.last.send(bytesOf('y'.repeat(size)), PEER));
    w.advance(1_000);
    expect(datagrams.values.map(({ bytes }) => bytes.length)).toEqual(
      receive === 'hex' ? [1, 700, 3, 750, 650, 750] : sizes,
    );
    expect(datagrams.values.map((datagram) => datagram.from)).toEqual(datagrams.values.map(() => from));
    expect(arrived.values.map(({ bytes }) => bytes.length)).toEqual(sizes);
  });
});

describe('a UDP socket', () => {
  test('sends to its peer where no other address is given', () => {
    const { socket, arrived } = bound(w, undefined, PEER);
    const sent = observe(socket.last.send(bytesOf('hello')));
    w.advance(100);
    expect(sent.end).toBe('complete');
    expect(arrived.values.map(({ bytes }) => textOf([bytes]))).toEqual(['hello']);
  });

  test('without a peer and without an address it refuses to send', () => {
    const { socket } = bound(w);
    expect(errorOf(observe(socket.last.send(bytesOf('hello'))))?.code).toBe('WRONG_MODE');
  });

  test.each([0, 1501])('refuses a datagram of %i bytes before anything is sent', (size) => {
    const { socket } = bound(w);
    const from = w.commands.length;
    expect(errorOf(observe(socket.last.send(new Uint8Array(size), PEER)))?.code).toBe('INVALID_ARGUMENT');
    w.advance(100);
    expect(commandsSince(w, from)).toEqual([]);
  });

  test('is closed by unsubscribing, and its port is free again', () => {
    const { network, socket } = bound(w);
    socket.unsubscribe();
    w.advance(1_000);
    expect(w.module.control.openLinks).toBe(0);
    expect(observe(network.last.bind({ port: 5000 })).end).toBe('open');
  });

  test('reports a port that is taken (Q-18)', () => {
    const { network } = bound(w);
    const second = observe(network.last.bind({ port: 5000 }));
    w.advance(100);
    expect(errorOf(second)).toMatchObject({ code: 'PORT_IN_USE', link: 8 });
    expect(w.module.control.openLinks).toBe(1);
  });

  test('leaves datagrams in the module without demand', () => {
    const { socket, send } = bound(w);
    send('one');
    send('two');
    w.advance(1_000);
    const datagrams = observe(socket.last.datagrams$);
    w.advance(1_000);
    expect(datagrams.values.map(({ bytes }) => textOf([bytes]))).toEqual(['one', 'two']);
  });

  test('works where the firmware has no setting for boundaries (Q-17)', () => {
    w = world({ profile: note100 });
    const { socket, send } = bound(w);
    const datagrams = observe(socket.last.datagrams$);
    send('alone');
    w.advance(1_000);
    expect(datagrams.values.map(({ bytes }) => textOf([bytes]))).toEqual(['alone']);
  });
});

test('of a pushed datagram that was cut short on the line nothing gets into the next one', () => {
  const { network, socket, send } = bound(w, { receive: 'push' }, PEER);
  const received = observe(socket.last.datagrams$);
  w.module.control.report(`RECV FROM:${PEER.host}:${PEER.port}`);
  w.module.control.report(`+RECEIVE,${socket.last.link},100`);
  observe(network.modem.last.run(csq()));
  w.advance(20_000);
  send('whole');
  w.advance(1_000);
  expect(received.values.map(({ bytes }) => textOf([bytes]))).toEqual(['whole']);
});
