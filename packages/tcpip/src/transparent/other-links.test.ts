import { note100 } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import { errorOf, observe, openNetwork, textOf, type World, world, write } from '../../test/world.js';
import type { TransparentOptions } from './options.js';

const PEER = { host: '10.3.0.1', port: 80 };
const OTHER = { host: '10.3.0.2', port: 81 };

/** A transparent session, and a server for another link, in a module whose other links work (Q-24a). */
function alongside(w: World, more: Pick<TransparentOptions, 'commands'> = {}) {
  const network = openNetwork(w, { transparent: true });
  const accepted = observe(w.outside.serve(PEER.host, PEER.port));
  const others = observe(w.outside.serve(OTHER.host, OTHER.port));
  const opened = observe(network.last.transparent({ ...PEER, ...more }));
  w.advance(1_000);
  return { network, opened, far: accepted.last, others, arrived: observe(accepted.last.received$) };
}

const working = () => world({ profile: note100 });

describe('other links beside a transparent one (application note, 1.6)', () => {
  test('a connection waits until command mode is entered, takes links 1 to 9 and buffer access', () => {
    const w = working();
    const { network, opened, others } = alongside(w);
    const socket = observe(network.last.connect(OTHER));
    w.advance(30_000);
    expect([socket.end, socket.values]).toEqual(['open', []]);
    observe(opened.last.enterCommandMode());
    w.advance(5_000);
    expect(socket.values).toHaveLength(1);
    expect(w.commands).toContain('AT+CIPRXGET=1');
    expect(w.commands).toContain('AT+CIPOPEN=9,"TCP","10.3.0.2",81');
    const received = observe(socket.last.received$);
    write(others.last, 'hello');
    w.advance(100);
    expect(textOf(received.values)).toBe('hello');
  });

  test('what arrives for it during data mode is read afterwards, and so is its end', () => {
    const w = working();
    const { network, opened, others, arrived } = alongside(w);
    observe(opened.last.enterCommandMode());
    w.advance(5_000);
    const socket = observe(network.last.connect(OTHER));
    w.advance(1_000);
    const received = observe(socket.last.received$);
    observe(opened.last.enterDataMode());
    w.advance(1_000);
    write(others.last, 'sent meanwhile');
    observe(others.last.close());
    write(opened.last, 'data');
    w.advance(10_000);
    expect([textOf(received.values), received.end, textOf(arrived.values)]).toEqual(['', 'open', 'data']);
    observe(opened.last.enterCommandMode());
    w.advance(5_000);
    expect([textOf(received.values), received.end]).toEqual(['sent meanwhile', 'complete']);
  });

  test('commands may interrupt the session, which goes on in data mode afterwards', () => {
    const w = working();
    const { network, opened, others, arrived } = alongside(w, { commands: 'interrupt' });
    w.advance(5_000);
    const socket = observe(network.last.connect(OTHER));
    const written = write(opened.last, 'before and after');
    w.advance(10_000);
    expect(socket.values).toHaveLength(1);
    expect([written.end, textOf(arrived.values)]).toEqual(['complete', 'before and after']);
    const heard = observe(others.last.received$);
    const sent = write(socket.last, 'on another link');
    w.advance(10_000);
    expect([sent.end, textOf(heard.values)]).toEqual(['complete', 'on another link']);
    expect(w.module.control.state.mode).toBe('data');
  });

  test('servers 1 to 3 accept clients, which are handed out once command mode is entered', () => {
    const w = working();
    const { network, opened } = alongside(w);
    observe(opened.last.enterCommandMode());
    w.advance(5_000);
    const clients = observe(network.last.listen({ port: 7 }));
    w.advance(1_000);
    expect(w.commands.filter((text) => text.startsWith('AT+SERVERSTART='))).toEqual(['AT+SERVERSTART=7,1']);
    observe(opened.last.enterDataMode());
    w.advance(1_000);
    const caller = observe(w.outside.callIn(7)).last;
    write(caller, 'hello');
    w.advance(5_000);
    expect(clients.values).toEqual([]);
    observe(opened.last.enterCommandMode());
    w.advance(5_000);
    const received = observe(clients.last.received$);
    w.advance(1_000);
    expect(textOf(received.values)).toBe('hello');
  });

  test('a UDP socket works beside it', () => {
    const w = working();
    const { network, opened } = alongside(w);
    observe(opened.last.enterCommandMode());
    w.advance(5_000);
    const socket = observe(network.last.bind({ port: 5_000 }));
    w.advance(1_000);
    expect(socket.values).toHaveLength(1);
  });

  test('a firmware that refuses other links says so itself', () => {
    const w = world();
    const { network, opened } = alongside(w);
    observe(opened.last.enterCommandMode());
    w.advance(5_000);
    const socket = observe(network.last.connect(OTHER));
    w.advance(10_000);
    expect(errorOf(socket)).toMatchObject({ code: 'SOCKET_ERROR', number: 4 });
  });
});
