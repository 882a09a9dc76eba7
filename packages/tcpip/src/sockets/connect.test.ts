import { describe, expect, test } from 'vitest';
import { connected } from '../../test/fixtures.js';
import {
  bytesOf,
  commandsSince,
  errorOf,
  type Observed,
  observe,
  openNetwork,
  textOf,
  world,
  write,
} from '../../test/world.js';
import type { TcpSocket } from '../sockets/tcp-socket.js';

describe('connect', () => {
  test('opens the highest link, talks, and ends when the peer closes', () => {
    const w = world();
    const { socket, far, arrived } = connected(w);
    expect(socket.last).toMatchObject({ link: 9, remote: { host: 'example.com', port: 80 } });
    expect(write(socket.last, 'GET').end).toBe('complete');
    expect(textOf(arrived.values)).toBe('GET');
    const answer = observe(socket.last.received$);
    write(far, '\r\nOK\r\n+IPCLOSE: 9,1\r\n');
    observe(far.close());
    w.advance(1_000);
    expect(textOf(answer.values)).toBe('\r\nOK\r\n+IPCLOSE: 9,1\r\n');
    expect([answer.end, socket.end]).toEqual(['complete', 'complete']);
    expect(w.module.control.openLinks).toBe(0);
  });

  test('unsubscribing closes the connection', () => {
    const w = world();
    const { socket, arrived } = connected(w);
    socket.unsubscribe();
    w.advance(1_000);
    expect(w.commands.at(-1)).toBe('AT+CIPCLOSE=9');
    expect(arrived.end).toBe('complete');
    expect(w.module.control.openLinks).toBe(0);
  });

  test.each([
    [1, 'The other side closed the connection to example.com:80.'],
    [2, 'The module gave up the connection to example.com:80: sending timed out.'],
  ])('what is written after its end fails with the reason of +IPCLOSE: %i (note 4.2)', (reason, message) => {
    const w = world();
    const { socket } = connected(w);
    w.module.control.otherProgram('AT+CIPCLOSE=9');
    w.module.control.report(`+IPCLOSE: 9,${reason}`);
    w.advance(1_000);
    const late = observe(socket.last.write(bytesOf('late')));
    expect(errorOf(late)).toMatchObject({ code: 'LINK_CLOSED', link: 9, reason, message });
  });

  test('a refused connection fails with the reason and frees its link', () => {
    const w = world();
    const network = openNetwork(w);
    for (let attempt = 0; attempt < 12; attempt++) {
      const socket = observe(network.last.connect({ host: '10.0.0.1', port: 1 }));
      w.advance(100);
      expect(errorOf(socket)).toMatchObject({ code: 'CONNECT_REFUSED', number: 1, link: 9 });
    }
  });

  test('an argument that could break the command line is refused before anything is sent (pain point 42)', () => {
    const w = world();
    const network = openNetwork(w);
    const from = w.commands.length;
    const socket = observe(network.last.connect({ host: 'a"\r\nAT+CRESET', port: 1 }));
    expect(errorOf(socket)?.code).toBe('INVALID_ARGUMENT');
    expect(commandsSince(w, from)).toEqual([]);
  });

  test('the eleventh connection has no link', () => {
    const w = world();
    const network = openNetwork(w);
    observe(w.outside.serve('a', 1));
    const sockets = Array.from({ length: 11 }, () => observe(network.last.connect({ host: 'a', port: 1 })));
    w.advance(100);
    expect(sockets.slice(0, 10).map(({ last }) => last.link)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(errorOf(sockets[10] as Observed<TcpSocket>)?.code).toBe('CAPACITY');
  });

  test('a closed network opens nothing', () => {
    const w = world();
    const network = openNetwork(w);
    const { last } = network;
    network.unsubscribe();
    expect(errorOf(observe(last.connect({ host: 'a', port: 1 })))?.code).toBe('CLOSED');
    expect(errorOf(observe(last.listen({ port: 1 })))?.code).toBe('CLOSED');
  });
});
