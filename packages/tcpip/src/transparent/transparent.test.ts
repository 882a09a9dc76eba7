import { csq } from '@a7600/at-codec';
import { type EmulatorOptions, note100, recorded } from '@a7600/testing';
import { chunksOf, protocolPayload } from '@a7600/testing/arbitraries';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import {
  bytesOf,
  errorOf,
  type Observed,
  observe,
  openNetwork,
  textOf,
  type World,
  world,
  write,
} from '../../test/world.js';
import { modem } from '../modem/open-modem.js';
import type { TransparentOptions } from './options.js';
import type { TransparentSession } from './transparent-session.js';

const PEER = { host: '10.3.0.1', port: 80 };

/** A transparent session and the far end of its connection. */
function dialled(w: World, more: Omit<TransparentOptions, 'listen'> = {}) {
  const network = openNetwork(w, { transparent: true });
  const accepted = observe(w.outside.serve(PEER.host, PEER.port));
  const opened = observe(network.last.transparent({ ...PEER, ...more }));
  w.advance(1_000);
  const far = accepted.last;
  return { network, opened, far, arrived: observe(far.received$), received: observe(opened.last.received$) };
}

/** Nothing is left of the session, on either side. */
function expectClean(w: World, network: Observed<unknown> & { modem: Observed<unknown> }) {
  network.modem.unsubscribe();
  w.advance(30_000);
  expect([w.module.control.openLinks, w.module.control.networkOpen]).toEqual([0, false]);
  expect(w.scheduler.actions).toEqual([]);
}

describe('a transparent session', () => {
  test('is opened with CIPMODE and CONNECT, and carries bytes as they are (Q-24a)', () => {
    const w = world();
    const { network, opened, far, arrived, received } = dialled(w);
    expect(w.commands).toContain('AT+CIPMODE=1');
    expect(w.commands.at(-1)).toBe('AT+CIPOPEN=0,"TCP","10.3.0.1",80');
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(write(opened.last, all).end).toBe('complete');
    write(far, all);
    w.advance(1_000);
    expect([textOf(arrived.values), textOf(received.values)]).toEqual([textOf([all]), textOf([all])]);
    expectClean(w, network);
  });

  test('carries whatever both sides send, byte for byte, in any chunks', () => {
    const chunk = fc.record({
      out: fc.boolean(),
      bytes: protocolPayload({ maxLength: 400 }),
      pause: fc.nat(2_000),
    });
    fc.assert(
      fc.property(
        fc.array(chunk, { maxLength: 12 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
        (chunks, sizes) => {
          const w = world();
          const { network, opened, far, arrived, received } = dialled(w);
          const sent = { out: '', in: '' };
          for (const { out, bytes, pause } of chunks) {
            sent[out ? 'out' : 'in'] += textOf([bytes]);
            for (const chunk of chunksOf(bytes, [sizes.next().value ?? 1]))
              write(out ? opened.last : far, chunk);
            w.advance(pause);
          }
          w.advance(60_000);
          expect(textOf(arrived.values)).toBe(sent.out);
          expect(textOf(received.values)).toBe(sent.in);
          expectClean(w, network);
        },
      ),
      { numRuns: effort(25, 60) },
    );
  });

  test("ends when the peer closes, without the module's CLOSED among the data (Q-8)", () => {
    const w = world();
    const { network, opened, far, received } = dialled(w);
    write(far, 'last words');
    observe(far.close());
    w.advance(30_000);
    expect(textOf(received.values)).toBe('last words');
    expect([received.end, opened.end]).toEqual(['complete', 'complete']);
    expectClean(w, network);
  });

  test("takes a peer's words for data when the connection is there", () => {
    const w = world();
    const { network, far, received, opened } = dialled(w);
    write(far, 'a\r\nCLOSED\r\n');
    w.advance(20_000);
    write(far, 'b\r\nOK\r\n');
    w.advance(1_000);
    expect(textOf(received.values)).toBe('a\r\nCLOSED\r\nb\r\nOK\r\n');
    expect(opened.end).toBe('open');
    expectClean(w, network);
  });

  test('sends lone plus signs in a way that is no escape', () => {
    const w = world();
    const { opened, arrived } = dialled(w);
    w.advance(5_000);
    write(opened.last, '+++');
    w.advance(10_000);
    write(opened.last, '+');
    write(opened.last, '++');
    w.advance(20_000);
    expect(textOf(arrived.values)).toBe('++++++');
    write(opened.last, 'more');
    w.advance(1_000);
    expect(textOf(arrived.values)).toBe('++++++more');
  });

  test.each(['plus', 'dtr'] as const)('is suspended for commands and goes on, by %s', (leaveBy) => {
    const w = world({}, {});
    const { network, opened, far, arrived, received } = dialled(w, { leaveBy });
    const signal = observe(network.modem.last.run(csq()));
    w.advance(10_000);
    expect(signal.end).toBe('open');
    const suspended = observe(opened.last.enterCommandMode());
    w.advance(10_000);
    expect([suspended.end, signal.end]).toEqual(['complete', 'complete']);
    const later = write(opened.last, 'written meanwhile');
    write(far, 'sent meanwhile');
    w.advance(1_000);
    expect([later.end, textOf(received.values)]).toEqual(['open', '']);
    const back = observe(opened.last.enterDataMode());
    w.advance(1_000);
    expect([back.end, later.end]).toEqual(['complete', 'complete']);
    expect([textOf(arrived.values), textOf(received.values)]).toEqual([
      'written meanwhile',
      'sent meanwhile',
    ]);
    expectClean(w, network);
  });

  test('refuses to be left by DTR where the link has no such line', () => {
    const w = world();
    const opened = observe(modem(w.module, { scheduler: w.scheduler }));
    w.advance(1_000);
    const network = observe(opened.last.network({ transparent: true }));
    w.advance(1_000);
    const refused = observe(network.last.transparent({ ...PEER, leaveBy: 'dtr' }));
    expect(errorOf(refused)).toMatchObject({ code: 'WRONG_MODE', message: expect.stringMatching(/DTR/) });
  });

  test('ends while it is suspended when the peer closes (protocol 9.6)', () => {
    const w = world();
    const { opened, far, received } = dialled(w);
    observe(opened.last.enterCommandMode());
    w.advance(5_000);
    observe(far.close());
    w.advance(5_000);
    expect([received.end, opened.end]).toEqual(['complete', 'complete']);
    expect(errorOf(observe(opened.last.enterDataMode()))?.code).toBe('LINK_CLOSED');
  });

  test('close lets the peer have everything that was written before', () => {
    const w = world();
    const { opened, arrived } = dialled(w);
    write(opened.last, 'x'.repeat(20_000));
    const closed = observe(opened.last.close());
    w.advance(30_000);
    expect([closed.end, opened.end, arrived.end]).toEqual(['complete', 'complete', 'complete']);
    expect(textOf(arrived.values)).toHaveLength(20_000);
  });

  test('holds the peer back without demand', () => {
    const w = world({ uart: { baudRate: 115_200, rtscts: true } }, { rtscts: true });
    const { opened, far, received } = dialled(w);
    opened.last.pause();
    const written = write(far, new Uint8Array(200_000));
    w.advance(60_000);
    expect([written.end, received.values]).toEqual(['open', []]);
    opened.last.resume();
    w.advance(60_000);
    expect(textOf(received.values)).toHaveLength(200_000);
  });

  test('a refused connection fails and leaves command mode', () => {
    const w = world();
    const network = openNetwork(w, { transparent: true });
    const refused = observe(network.last.transparent({ host: '10.3.0.9', port: 1 }));
    w.advance(5_000);
    expect(errorOf(refused)).toBeDefined();
    expect(observe(network.modem.last.run(csq())).end).toBe('complete');
    expectClean(w, network);
  });

  test('is the only one of its network, and needs a network of its kind', () => {
    const w = world();
    const { network } = dialled(w);
    expect(errorOf(observe(network.last.transparent(PEER)))?.code).toBe('CAPACITY');
    const other = world();
    expect(errorOf(observe(openNetwork(other).last.transparent(PEER)))?.code).toBe('WRONG_MODE');
  });

  test('the loss of the bearer fails it and its network (Q-30)', () => {
    const w = world();
    const { network, opened } = dialled(w);
    w.module.control.loseBearer();
    w.advance(30_000);
    expect(errorOf(network)?.code).toBe('NETWORK_LOST');
    expect(opened.end).not.toBe('open');
  });

  test('a loss of the bearer that is reported while the session is being left is heard', () => {
    const w = world();
    const { network, opened } = dialled(w);
    opened.unsubscribe();
    w.module.control.loseBearer();
    w.advance(60_000);
    expect(errorOf(network)?.code).toBe('NETWORK_LOST');
  });

  test('given up while it goes on after a pause, it leaves nothing', () => {
    const w = world({ timing: recorded });
    const { network, opened } = dialled(w);
    observe(opened.last.enterCommandMode());
    w.advance(5_000);
    observe(opened.last.enterDataMode());
    opened.unsubscribe();
    w.advance(30_000);
    expect(w.commands.at(-1)).toBe('AT+CIPCLOSE=0');
    expectClean(w, network);
  });

  test('given up while the other side closes, it leaves nothing', () => {
    const w = world();
    const { network, opened, far } = dialled(w);
    opened.unsubscribe();
    observe(far.close());
    w.advance(30_000);
    expect(observe(network.last.transparent(PEER)).end).toBe('open');
    w.advance(1_000);
    expectClean(w, network);
  });
});

describe('a transparent server', () => {
  const serving = (emulated: Omit<EmulatorOptions, 'scheduler' | 'network'> = {}) => {
    const w = world(emulated);
    const network = openNetwork(w, { transparent: true });
    const clients: Observed<TransparentSession> = observe(network.last.transparent({ listen: 7 }));
    w.advance(1_000);
    return { w, network, clients };
  };

  test.each([
    ['a76xx', {}],
    ['note-1.00', { profile: note100 }],
  ])('gives its client the wire, one after the other (%s)', (_, emulated) => {
    const { w, network, clients } = serving(emulated);
    for (let turn = 1; turn <= 3; turn++) {
      const caller = observe(w.outside.callIn(7)).last;
      const echoed = observe(caller.received$);
      w.advance(100);
      const received = observe(clients.last.received$);
      write(caller, 'hello');
      w.advance(100);
      expect(textOf(received.values)).toBe('hello');
      write(clients.last, bytesOf('welcome'));
      w.advance(1_000);
      expect(textOf(echoed.values)).toBe('welcome');
      observe(caller.close());
      w.advance(30_000);
      expect([received.end, clients.values.length]).toEqual(['complete', turn]);
    }
    expectClean(w, network);
  });

  test('goes on when a client was announced and no CONNECT came', () => {
    const { w, network, clients } = serving();
    w.module.control.report('+CLIENT: 0,0,10.0.0.9:5000');
    w.advance(60_000);
    expect(clients.values).toEqual([]);
    const caller = observe(w.outside.callIn(7)).last;
    w.advance(100);
    const received = observe(clients.last.received$);
    write(caller, 'hello');
    w.advance(100);
    expect(textOf(received.values)).toBe('hello');
    expectClean(w, network);
  });
});
