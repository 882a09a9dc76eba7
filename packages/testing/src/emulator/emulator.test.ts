import { delay, filter, take, tap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { connected, OK, observe, open, openOnline, received, say, unit } from '../../test/console.js';
import { virtualTime } from '../../test/virtual-time.js';
import { memoryInternet } from '../networks/memory/internet.js';
import { ok } from './at/reply.js';
import { emulator } from './emulator.js';
import type { EmulatorEvent } from './events.js';

/** The port of a module, opened. */
function opened(module = emulator()) {
  const port = observe(module);
  const [link] = port.values;
  if (link === undefined) throw new Error('It did not open.');
  return { module, port, link };
}

describe('the port', () => {
  test('is one, and free again when it is closed', () => {
    const { module, port } = opened();
    expect(observe(module).end).toEqual({ error: 'PORT_BUSY' });
    port.unsubscribe();
    expect(observe(module).values).toHaveLength(1);
  });

  test('is lost when it is unplugged', () => {
    const { module, port, link } = opened();
    const seen = observe(link.received$);
    module.control.unplug();
    expect([port.end, seen.end]).toEqual([{ error: 'TRANSPORT_LOST' }, { error: 'TRANSPORT_LOST' }]);
    module.control.unplug();
    expect(observe(module).end).toBe('open');
  });

  test('completes when the host closes the link', () => {
    const { module, port, link } = opened();
    observe(link.close());
    expect([port.end, module.control.state.power]).toEqual(['complete', 'off']);
  });

  test('that is closed has ended in good order, and refuses what is still written', () => {
    const { port, link } = opened();
    port.unsubscribe();
    expect([observe(link.received$).end, observe(link.ended$).values]).toEqual([
      'complete',
      [{ by: 'local' }],
    ]);
    expect(observe(link.write(new Uint8Array(1))).end).toEqual({ error: 'TRANSPORT_CLOSED' });
  });
});

describe('what happens is told', () => {
  test('in order, as it happens', () => {
    const console = open();
    const events: EmulatorEvent[] = [];
    console.module.control.events$.subscribe((event) => events.push(event));
    console.at('+NETOPEN');
    console.wait(0);
    const told = events.map((event) =>
      'bytes' in event ? [event.kind, String.fromCharCode(...event.bytes)] : Object.values(event),
    );
    expect(told).toEqual([
      ['received', 'AT+NETOPEN\r'],
      ['command', 'AT+NETOPEN'],
      ['network', 'opening'],
      ['printed', OK],
      ['network', 'open'],
      ['printed', unit('+NETOPEN: 0')],
    ]);
  });

  test('links, servers, modes and power are, too', () => {
    const console = openOnline();
    const events: string[] = [];
    console.module.control.events$.subscribe((event) => {
      if (event.kind === 'link') events.push(`link ${event.link} ${event.state}`);
      if (event.kind === 'server') events.push(`server ${event.server} ${event.listens}`);
      if (event.kind === 'power') events.push(`power ${event.power}`);
    });
    connected(console, 3);
    console.at('+CIPCLOSE=3');
    console.at('+SERVERSTART=7,2');
    console.module.control.restart();
    expect(events).toEqual([
      'link 3 opening',
      'link 3 open',
      'link 3 free',
      'server 2 7',
      'server 2 undefined',
      'power off',
      'power starting',
      'power on',
    ]);
  });

  test('the state is plain data', () => {
    const console = openOnline();
    const far = connected(console, 2);
    say(far, 'abc');
    console.at('+SERVERSTART=7,1');
    const { state } = console.module.control;
    expect(state).toMatchObject({
      power: 'on',
      mode: 'command',
      network: 'open',
      sim: 'READY',
      registration: 1,
      bearer: true,
      servers: [{ index: 1, port: 7 }],
    });
    expect(state.links[2]).toEqual({
      number: 2,
      state: 'open',
      type: 'TCP',
      server: -1,
      remote: { host: '10.0.9.9', port: 5253 },
      transparent: false,
      unread: 3,
      sent: 0,
      acknowledged: 0,
      received: 3,
    });
  });
});

describe('what users add', () => {
  test('a behaviour of the same name replaces the one that is there', () => {
    const console = open({ behaviours: [{ command: '+CSQ', execute: () => ok('+CSQ: 31,0') }] });
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 31,0') + OK);
  });

  test('a scenario acts on the module while its port is open', () => {
    const { scheduler, advance } = virtualTime();
    let running = 0;
    const module = emulator({
      scheduler,
      scenario: (control) =>
        control.events$.pipe(
          tap({ subscribe: () => (running += 1), unsubscribe: () => (running -= 1) }),
          filter((event) => event.kind === 'command' && event.text === 'AT+CSQ'),
          take(1),
          delay(100, scheduler),
          tap(() => control.report('RING')),
        ),
    });
    const { port, link } = opened(module);
    const heard = received(link);
    say(link, 'ATE0\rAT+CSQ\r');
    advance(99);
    expect(heard.text).not.toContain('RING');
    advance(1);
    expect(heard.text).toContain(unit('RING'));
    port.unsubscribe();
    expect(scheduler.actions).toEqual([]);
  });
});

test('two modules talk to each other through one internet', () => {
  const { scheduler, advance } = virtualTime();
  const internet = memoryInternet({ scheduler, latency: 20 });
  const modules = ['10.0.0.2', '10.0.0.3'].map((address) => {
    const module = emulator({ scheduler, network: internet.host(address) });
    const { link } = opened(module);
    const heard = received(link);
    const type = (text: string) => {
      say(link, text);
      advance(100);
      return heard.text;
    };
    type('ATE0\r');
    type('AT+CIPRXGET=1\r');
    type('AT+NETOPEN\r');
    return { type };
  });
  const [client, server] = modules as [(typeof modules)[0], (typeof modules)[0]];
  server.type('AT+SERVERSTART=7,0\r');
  expect(client.type('AT+CIPOPEN=4,"TCP","10.0.0.3",7\r')).toContain(unit('+CIPOPEN: 4,0'));
  client.type('AT+CIPSEND=4,5\r');
  client.type('hello');
  expect(server.type('AT+CIPRXGET=2,0\r')).toContain(
    unit('+CLIENT: 0,0,10.0.0.2:50000') + unit('+CIPRXGET: 1,0') + unit('+CIPRXGET: 2,0,5,0', 'hello') + OK,
  );
});
