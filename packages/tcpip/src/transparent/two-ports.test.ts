import { csq } from '@a7600/at-codec';
import { note100 } from '@a7600/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { errorOf, type Observed, observe, textOf, type World, world, write } from '../../test/world.js';
import { modem } from '../modem/open-modem.js';
import type { TransparentOptions } from './options.js';

const PEER = { host: '10.3.0.1', port: 80 };
const OTHER = { host: '10.3.0.2', port: 81 };

/** A module with two ports, and what the host sends on each. */
function twoPorts() {
  const w = world({ profile: note100, ports: ['at', 'at'] });
  const [control, data] = w.module.ports as [World['module'], World['module']];
  const typed = { control: [] as string[], data: [] as string[] };
  w.module.control.events$.subscribe((event) => {
    if (event.kind === 'received') typed[event.port === 2 ? 'data' : 'control'].push(textOf([event.bytes]));
  });
  const opened = observe(modem({ control, data }, { scheduler: w.scheduler }));
  w.advance(2_000);
  const network = observe(opened.last.network({ transparent: true }));
  w.advance(1_000);
  return { w, typed, opened, network };
}

function inData(more: Partial<TransparentOptions> = {}) {
  const world = twoPorts();
  const { w, network } = world;
  const accepted = observe(w.outside.serve(PEER.host, PEER.port));
  const session = observe(network.last.transparent({ ...PEER, ...more } as TransparentOptions));
  w.advance(100);
  const received = observe(session.last.received$);
  return { ...world, session, received, far: accepted.last, arrived: observe(accepted.last.received$) };
}

const ended = (observed: Observed<unknown>) => errorOf(observed)?.code ?? observed.end;

describe('a transparent session with a port of its own', () => {
  let s: ReturnType<typeof inData>;
  beforeEach(() => {
    s = inData();
  });

  test('is dialled there, and commands go on beside it at once', () => {
    expect(s.typed.data.filter((text) => text.startsWith('AT+CIPOPEN'))).toHaveLength(1);
    const signal = observe(s.opened.last.run(csq()));
    write(s.session.last, 'out');
    write(s.far, 'in');
    s.w.advance(200);
    expect([signal.end, textOf(s.arrived.values), textOf(s.received.values)]).toEqual([
      'complete',
      'out',
      'in',
    ]);
    expect(s.w.module.control.state.mode).toBe('data');
  });

  test('command mode and data mode cost nothing', () => {
    expect(observe(s.session.last.enterCommandMode()).end).toBe('complete');
    write(s.session.last, 'still data');
    expect(observe(s.session.last.enterDataMode()).end).toBe('complete');
    s.w.advance(200);
    expect(textOf(s.arrived.values)).toBe('still data');
  });

  test('other sockets and servers work beside it without waiting', () => {
    const others = observe(s.w.outside.serve(OTHER.host, OTHER.port));
    const socket = observe(s.network.last.connect(OTHER));
    const clients = observe(s.network.last.listen({ port: 7 }));
    s.w.advance(200);
    expect(socket.values).toHaveLength(1);
    const caller = observe(s.w.outside.callIn(7)).last;
    write(others.last, 'hello');
    write(caller, 'hi');
    s.w.advance(500);
    const heard = [observe(socket.last.received$), observe(clients.last.received$)];
    s.w.advance(500);
    expect(heard.map(({ values }) => textOf(values))).toEqual(['hello', 'hi']);
    expect(s.w.module.control.state.mode).toBe('data');
  });

  test('what reads like the end of the connection is data while the control port says that it lives', () => {
    write(s.far, 'a\r\nCLOSED\r\nb');
    s.w.advance(1_000);
    write(s.far, '\r\n*ATREADY: 1\r\nc');
    s.w.advance(1_000);
    expect(textOf(s.received.values)).toBe('a\r\nCLOSED\r\nb\r\n*ATREADY: 1\r\nc');
    expect(s.session.end).toBe('open');
  });

  test('ends when the peer closes, with every byte before that', () => {
    write(s.far, 'x'.repeat(3_000));
    write(s.far, '\r\nCLOSED\r\nlast');
    observe(s.far.close());
    s.w.advance(5_000);
    expect(textOf(s.received.values)).toBe(`${'x'.repeat(3_000)}\r\nCLOSED\r\nlast`);
    expect([s.session.end, s.received.end]).toEqual(['complete', 'complete']);
  });

  test('a consumer that pauses gets everything, however late, and then the end', () => {
    s.session.last.pause();
    s.far.write(new Uint8Array(100_000).fill(120)).subscribe();
    observe(s.far.close());
    s.w.advance(120_000);
    s.session.last.resume();
    s.w.advance(10_000);
    expect(textOf(s.received.values)).toHaveLength(100_000);
    expect(s.session.end).toBe('complete');
  });

  test('closes without an escape: what was written arrives first', () => {
    const close = observe(s.session.last.close());
    expect(close.end).toBe('open');
    s.w.advance(5_000);
    expect(close.end).toBe('complete');
    const again = inData();
    write(again.session.last, 'y'.repeat(2_000));
    again.session.unsubscribe();
    again.w.advance(10_000);
    expect(textOf(again.arrived.values)).toBe('y'.repeat(2_000));
    expect(again.arrived.end).toBe('complete');
    expect(again.w.module.control.openLinks).toBe(0);
  });

  test('can be opened again at once', () => {
    for (let turn = 0; turn < 3; turn++) {
      s.session.unsubscribe();
      const next = observe(s.network.last.transparent(PEER));
      s.w.advance(5_000);
      const received = observe(next.last.received$);
      expect(next.values).toHaveLength(1);
      s.session = next;
      s.received = received;
    }
  });

  test('an end that no line tells is noticed', () => {
    s.w.module.control.loseNetwork();
    s.w.advance(130_000);
    expect(ended(s.session)).not.toBe('open');
  });

  test('a lost network ends it, and a new one carries another', () => {
    s.w.module.control.loseBearer(1_000);
    s.w.advance(5_000);
    expect(ended(s.session)).toBe('NETWORK_LOST');
    const network = observe(s.opened.last.network({ transparent: true }));
    s.w.advance(10_000);
    const session = observe(network.last.transparent(PEER));
    s.w.advance(5_000);
    expect(session.values).toHaveLength(1);
  });

  test('a restart ends everything', () => {
    s.w.module.control.restart();
    s.w.advance(60_000);
    expect(ended(s.opened)).toBe('MODULE_RESTARTED');
    expect(ended(s.session)).toBe('MODULE_RESTARTED');
  });

  test('closing the modem leaves nothing open on the module', () => {
    const close = observe(s.opened.last.close());
    s.w.advance(20_000);
    expect([close.end, s.opened.end]).toEqual(['complete', 'complete']);
    expect(s.w.scheduler.actions).toEqual([]);
  });
});

describe('a transparent server with a port of its own', () => {
  test('gives one client after the other the port', () => {
    const { w, network } = twoPorts();
    const clients = observe(network.last.transparent({ listen: 7 }));
    w.advance(500);
    for (let turn = 0; turn < 3; turn++) {
      const caller = observe(w.outside.callIn(7)).last;
      const heard = observe(caller.received$);
      w.advance(2_000);
      expect(clients.values).toHaveLength(turn + 1);
      write(clients.last, 'welcome');
      const received = observe(clients.last.received$);
      write(caller, 'hello');
      w.advance(500);
      expect([textOf(heard.values), textOf(received.values)]).toEqual(['welcome', 'hello']);
      observe(caller.close());
      w.advance(5_000);
      expect(received.end).toBe('complete');
    }
  });
});

test('a port for data that stays silent is named', () => {
  const w = world({ ports: ['at', 'nmea'] });
  const [control, data] = w.module.ports as [World['module'], World['module']];
  const opened = observe(modem({ control, data }, { scheduler: w.scheduler }));
  w.advance(60_000);
  expect(errorOf(opened)).toMatchObject({
    code: 'MODULE_SILENT',
    message: expect.stringMatching(/port for data/),
  });
});

test('a port for data that another program left in data mode is taken back', () => {
  const w = world({ profile: note100, ports: ['at', 'at'], whenClosed: 'goes on' });
  const [control, data] = w.module.ports as [World['module'], World['module']];
  const open = () => observe(modem({ control, data }, { scheduler: w.scheduler }));
  const first = open();
  w.advance(2_000);
  const network = observe(first.last.network({ transparent: true }));
  w.advance(1_000);
  observe(w.outside.serve(PEER.host, PEER.port));
  observe(network.last.transparent(PEER));
  w.advance(1_000);
  observe(first.last.abort());
  w.advance(5_000);
  expect(w.module.control.state.mode).toBe('data');
  const second = open();
  w.advance(30_000);
  expect(second.values).toHaveLength(1);
});
