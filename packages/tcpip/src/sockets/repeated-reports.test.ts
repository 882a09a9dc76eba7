import { describe, expect, test } from 'vitest';
import { connected, connection, listening } from '../../test/fixtures.js';
import { errorOf, observe, openNetwork, textOf, type World, world, write } from '../../test/world.js';

const INTERVAL = 60_000;
const MODES = ['buffer', 'push'] as const;

/** Prints a line that was printed before, or that the line has damaged. */
function say({ module: { control } }: World, ...lines: readonly string[]): void {
  for (const line of lines) control.report(line);
}

/** A client that calls, and what it hears. */
function call(w: World, port = 50_000) {
  const { last } = observe(w.module.control.callIn(7, { host: '10.0.0.1', port }));
  return Object.assign(last, { heard: observe(last.received$) });
}

describe.each(MODES)('a report that is not true (%s)', (receive) => {
  test.each([
    ['the end of the connection that had the number before, once more', '+IPCLOSE: 9,1'],
    ['the end of another connection, with a damaged digit', '+IPCLOSE: 9,2'],
    ['the loss of a network that was lost before', '+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'],
  ])('ends nothing: %s', (_, line) => {
    const w = world();
    const { network, socket, far, arrived } = connected(w, { receive });
    const received = observe(socket.last.received$);
    write(far, 'one ');
    w.advance(1_000);
    say(w, line);
    write(socket.last, 'written meanwhile');
    w.advance(5 * INTERVAL);
    write(far, 'two');
    w.advance(1_000);
    expect([network.end, socket.end, received.end]).toEqual(['open', 'open', 'open']);
    expect([textOf(received.values), textOf(arrived.values)]).toEqual(['one two', 'written meanwhile']);
  });

  test('leaves no mark: a single line that is lost later ends nothing', () => {
    const w = world();
    const { socket } = connected(w, { receive });
    say(w, '+IPCLOSE: 9,1');
    w.advance(5 * INTERVAL);
    w.module.control.faults.next('lostLine', { line: /^\+CIPOPEN: 9/ });
    w.advance(5 * INTERVAL);
    expect([socket.end, w.module.control.faults.counts.lostLine]).toEqual(['open', 1]);
  });

  test('of a client that is there does not divide it', () => {
    const w = world();
    const { clients } = listening(w, { receive });
    w.module.control.faults.next('repeatedLine', { line: /^\+CLIENT/ });
    const client = call(w);
    write(client, 'one ');
    w.advance(5_000);
    const received = observe(clients.last.received$);
    write(client, 'two');
    w.advance(3 * INTERVAL);
    expect([clients.values.length, textOf(received.values), received.end]).toEqual([1, 'one two', 'open']);
  });

  test('of a client that has left gives out none, and does not touch the one that has its link', () => {
    const w = world();
    const { clients } = listening(w, { receive });
    const first = call(w);
    w.advance(100);
    observe(first.close());
    w.advance(1_000);
    say(w, '+CLIENT: 0,0,10.0.0.1:50000');
    w.advance(1_000);
    expect(clients.values).toHaveLength(1);
    const second = call(w, 50_001);
    w.advance(1_000);
    const received = observe(clients.last.received$);
    say(w, '+CLIENT: 0,0,10.0.0.1:50000');
    w.advance(3 * INTERVAL);
    write(second, 'here');
    w.advance(100);
    expect([clients.values.length, textOf(received.values), received.end]).toEqual([2, 'here', 'open']);
  });
});

describe('a client that comes back from the same port', () => {
  test.each(MODES)('is given out again (%s)', (receive) => {
    const w = world();
    const { clients } = listening(w, { receive });
    for (const text of ['one', 'two', 'three']) {
      const client = call(w);
      write(client, text);
      w.advance(1_000);
      const received = observe(clients.last.received$);
      w.advance(100);
      expect(textOf(received.values)).toBe(text);
      observe(client.close());
      w.advance(1_000);
      expect(received.end).toBe('complete');
    }
    expect(clients.values).toHaveLength(3);
  });
});

describe('the end of a connection', () => {
  test.each(MODES)(
    'that the peer closes while this side writes is its end, and all it sent is read (%s)',
    (receive) => {
      const w = world();
      const { socket, far } = connected(w, { receive });
      const received = observe(socket.last.received$);
      const ended = observe(socket.last.ended$);
      write(far, 'all of it');
      observe(far.close());
      const written = observe(socket.last.write('too late'));
      w.advance(1_000);
      expect([textOf(received.values), received.end]).toEqual(['all of it', 'complete']);
      expect(ended.values).toEqual([{ by: 'remote' }]);
      expect(written.end).not.toBe('open');
    },
  );

  test('is believed after 10 s while the module has swallowed a command (Q-11, Q-43)', () => {
    const w = world();
    const network = openNetwork(w);
    const other = connection(w, network, '10.3.0.1');
    const { socket, far } = connection(w, network, '10.3.0.2');
    w.module.control.faults.next('stuckPrompt');
    write(other.socket.last, 'x');
    w.advance(100);
    const ended = observe(socket.last.ended$);
    observe(far.close());
    w.advance(9_000);
    expect(ended.values).toEqual([]);
    w.advance(2_000);
    expect(ended.values).toEqual([{ by: 'remote' }]);
  });
});

describe('data that is pushed before the report of its client (AT+CURCD)', () => {
  test.each([
    ['50 ms', 'AT+CURCD=50'],
    ['5 s', 'AT+CURCD=5000'],
  ])('is delivered when that comes %s later', (_, set) => {
    const w = world();
    const { clients } = listening(w, { receive: 'push' });
    w.module.control.otherProgram(set);
    const client = call(w);
    write(client, 'HELLO ');
    w.advance(10_000);
    write(client, 'again');
    w.advance(3 * INTERVAL);
    expect(clients.values).toHaveLength(1);
    const received = observe(clients.last.received$);
    expect([textOf(received.values), client.heard.end]).toEqual(['HELLO again', 'open']);
  });

  test('is delivered when that never comes', () => {
    const w = world();
    const { clients } = listening(w, { receive: 'push' });
    w.module.control.faults.next('lostLine', { line: /^\+CLIENT/ });
    const client = call(w);
    write(client, 'HELLO ');
    w.advance(2 * INTERVAL);
    write(client, 'again');
    w.advance(100);
    const received = observe(clients.last.received$);
    expect(textOf(received.values)).toBe('HELLO again');
  });

  test('is more than is held: the client is closed', () => {
    const w = world();
    const { clients } = listening(w, { receive: 'push' });
    w.module.control.otherProgram('AT+CURCD=5000');
    const client = call(w);
    write(client, 'x'.repeat(70_000));
    w.advance(3 * INTERVAL);
    expect(clients.values.map((socket) => errorOf(observe(socket.received$))?.code)).not.toContain(undefined);
    expect(client.heard.end).not.toBe('open');
  });
});
