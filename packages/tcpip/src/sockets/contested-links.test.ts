import { describe, expect, test } from 'vitest';
import { listening } from '../../test/fixtures.js';
import { errorOf, observe, textOf, type World, world, write } from '../../test/world.js';

const INTERVAL = 60_000;

/** A client that calls, and what it hears. */
function call(w: World, port: number) {
  const { last } = observe(w.module.control.callIn(7, { host: '10.0.0.1', port }));
  return Object.assign(last, { heard: observe(last.received$) });
}

describe.each(['buffer', 'push'] as const)(
  'a client that is reported with the number of another one (%s)',
  (receive) => {
    test('which lives: neither loses or gets a byte, whatever is on its way', () => {
      const w = world();
      const { clients } = listening(w, { receive });
      const one = call(w, 50_001);
      w.advance(100);
      const [socket] = clients.values;
      const received = observe(socket?.received$ ?? clients.last.received$);
      w.module.control.report('+CLIENT: 0,0,10.0.0.1:51000');
      if (socket) write(socket, 'to one '.repeat(500));
      write(one, 'from one '.repeat(500));
      const two = call(w, 50_002);
      write(two, 'from two');
      w.advance(3 * INTERVAL);
      expect(textOf(one.heard.values)).toBe('to one '.repeat(500));
      expect([textOf(received.values), received.end]).toEqual(['from one '.repeat(500), 'open']);
      expect(clients.values).toHaveLength(2);
      expect(textOf(observe(clients.last.received$).values)).toBe('from two');
    });

    test('which has ended unheard: it ends, the new one is served, and nothing of one goes to the other', () => {
      const w = world();
      const { clients } = listening(w, { receive });
      const one = call(w, 50_001);
      w.advance(100);
      const received = observe(clients.last.received$);
      w.module.control.faults.next('lostLine', { line: /^\+IPCLOSE/ });
      observe(one.close());
      w.advance(100);
      const two = call(w, 50_002);
      write(two, 'from two');
      w.advance(3 * INTERVAL);
      expect([textOf(received.values), received.end]).not.toEqual(['', 'open']);
      expect(textOf(received.values)).toBe('');
      expect(clients.values).toHaveLength(2);
      expect([textOf(observe(clients.last.received$).values), two.heard.end]).toEqual(['from two', 'open']);
    });
  },
);

test('a client whose link was promised the payload of the one before gets none of it, and is closed', () => {
  const w = world();
  const { clients } = listening(w);
  const one = call(w, 50_001);
  w.advance(100);
  w.module.control.faults.next('lostPrompt');
  write(clients.last, 'to one');
  w.advance(100);
  observe(one.close());
  w.advance(100);
  const two = call(w, 50_002);
  w.advance(20_000);
  expect([textOf(two.heard.values), two.heard.end]).toEqual(['      ', 'complete']);
  expect(errorOf(observe(clients.last.received$))?.message).toContain('had its link before');
});
