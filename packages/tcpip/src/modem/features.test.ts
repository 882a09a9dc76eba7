import { cereg } from '@a7600/at-codec';
import { ok } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import {
  commandsSince,
  errorOf,
  observe,
  openNetwork,
  readyModem,
  serialPort,
  world,
  write,
} from '../../test/world.js';
import type { ModemState } from '../session/state.js';
import { modem } from './open-modem.js';

describe('a SIM with a PIN', () => {
  test('is unlocked with the one that was given, and each step is told', () => {
    const states: ModemState[] = [];
    const w = world(
      { surroundings: { sim: 'SIM PIN' } },
      { pin: '1234', onState: (state) => states.push(state) },
    );
    const opened = observe(w.modem$);
    w.advance(5_000);
    expect(opened.values).toHaveLength(1);
    expect(w.commands).toContain('AT+CPIN="…"');
    expect(states.map(({ step }) => step)).toEqual([
      'probing',
      'setting up',
      'waiting for SIM',
      'waiting for SIM',
      'waiting for registration',
      'ready',
    ]);
    expect(states[3]?.reason).toMatch(/unlocked/);
  });

  test('is not asked twice with a wrong one, not even by a new subscription', () => {
    const w = world({ surroundings: { sim: 'SIM PIN' } }, { pin: '4321' });
    for (let attempt = 0; attempt < 4; attempt++) {
      const opened = observe(w.modem$);
      w.advance(20_000);
      expect(errorOf(opened)).toMatchObject({ code: 'PIN_REFUSED', message: expect.stringMatching(/locks/) });
    }
    expect(w.commands.filter((text) => text.startsWith('AT+CPIN='))).toHaveLength(1);
    expect(w.module.control.surroundings.sim).toBe('SIM PIN');
  });
});

describe('an open modem', () => {
  test('says what it is and where it stands', () => {
    const w = world();
    const opened = readyModem(w);
    const states = observe(opened.last.state$);
    expect(opened.last.identity?.model).toMatch(/^A76/);
    expect(states.values).toMatchObject([
      { step: 'ready', identity: { model: opened.last.identity?.model } },
    ]);
    observe(opened.last.close());
    w.advance(1_000);
    expect(states.end).toBe('complete');
  });

  test('waits for the registration and says why', () => {
    const states: ModemState[] = [];
    const w = world({ surroundings: { registration: 2 } }, { onState: (state) => states.push(state) });
    observe(w.modem$);
    w.advance(3_000);
    expect(states.at(-1)).toMatchObject({
      step: 'waiting for registration',
      reason: 'searching for a network',
    });
  });

  test('asks for the signal while there is a subscriber, once for all', () => {
    const w = world({ surroundings: { rssi: 17 } }, { signalQualityInterval: 5_000 });
    const { last } = readyModem(w);
    const from = w.commands.length;
    const [one, two] = [observe(last.signalQuality$), observe(last.signalQuality$)];
    w.advance(1);
    w.module.control.surroundings.rssi = 9;
    w.advance(5_000);
    expect(one.values).toEqual([
      { rssi: 17, ber: 0 },
      { rssi: 9, ber: 0 },
    ]);
    expect(two.values).toEqual(one.values);
    one.unsubscribe();
    two.unsubscribe();
    w.advance(60_000);
    expect(commandsSince(w, from)).toEqual(['AT+CSQ', 'AT+CSQ', 'AT+CSCLK?;+CATR?;+CFUN?', 'AT+CNMI?']);
  });

  test('sends what has no descriptor, and leaves URCs alone', () => {
    const w = world({ behaviours: [{ command: '+XYZ', write: () => ok('+XYZ: 1', 'some text') }] });
    const { last } = readyModem(w);
    expect(observe(last.raw('AT+XYZ=1')).values).toEqual([['+XYZ: 1', 'some text']]);
    expect(errorOf(observe(last.raw('AT+NONE')))?.code).toBe('REFUSED');
    const from = w.commands.length;
    for (const text of ['CSQ', 'AT+CSQ\rAT+CRESET', 'AT+CSQ\n', `AT${'x'.repeat(600)}`]) {
      expect(errorOf(observe(last.raw(text)))?.code).toBe('INVALID_ARGUMENT');
    }
    expect(commandsSince(w, from)).toEqual([]);
  });

  test('gives each line of a joined command, and the payload of a block', () => {
    const header = '+CMGR: "REC READ","+1202","","24/05/01,10:20:30+08",145,4,0,0,"+1202",145,7';
    const read = { command: '+CMGR', write: () => ok(`${header}\r\n\r\nOK\r\nx`) };
    const w = world({ behaviours: [read] });
    const { last } = readyModem(w);
    expect(observe(last.raw('AT+CMGR=1')).values).toEqual([[header, '\r\nOK\r\nx']]);
    expect(observe(last.raw('AT+CSQ;+CGATT?')).values).toEqual([['+CSQ: 23,0', '+CGATT: 1']]);
  });

  test.each([
    ['a block of another service', '+CCHRECV: DATA,0,2\r\nOK', ['+CCHRECV: DATA,0,2']],
    ['a late block of another service', '+HTTPREAD: 2\r\nOK', ['+HTTPREAD: 2']],
    ['a report of the registration (Q-38)', '+CREG: 5', ['+CREG: 5']],
    ['a result of a call', 'BUSY', ['BUSY']],
  ])('does not take %s for an answer', (_, printed, unhandled) => {
    const w = world({ behaviours: [{ command: '+XYZ', write: () => ok(printed, '+XYZ: 1') }] });
    const { last } = readyModem(w);
    const others = observe(last.unhandled$);
    expect(observe(last.raw('AT+XYZ=1;+CREG?')).values).toEqual([['+XYZ: 1', '+CREG: 1,1']]);
    const texts = others.values.flatMap((event) => ('text' in event ? [event.text] : []));
    expect(texts).toEqual(unhandled);
    expect(observe(last.raw('AT+CGATT?')).values).toEqual([['+CGATT: 1']]);
  });

  test('refuses to print messages whose length is not known', () => {
    const { last } = readyModem(world());
    for (const text of [
      'AT+CNMI=2,2',
      'AT+CNMI=2,1,2',
      'AT+CSDH=1;+CNMI=2,1,3',
      'at+cnmi=2,3,0,0,0',
      'AT+CNMI=2,2;+CSDH=1',
      'AT+CNMI = 2,2',
      'AT+CMGF=0;+CNMI=2,2;+CMGF=1',
      'AT+CSDH=1;+CNMI=2,2;+CSDH=0',
      'AT+CMGF=1;+CMGR=1',
      'AT+CMGL="ALL"',
      'AT+CMGF=1;+CSDH=1;+CMGL',
    ]) {
      expect(errorOf(observe(last.raw(text)))?.code).toBe('INVALID_ARGUMENT');
    }
    for (const text of [
      'AT+CNMI=2,1',
      'AT+CNMI?',
      'AT+CMGL=?',
      'AT+CMGF=1;+CSDH=1;+CMGR=1',
      'AT+CSDH=1;+CNMI=2,2',
      'AT+CMGF=0;+CNMI=2,2,2',
      'AT+CMGL=4',
    ]) {
      expect(errorOf(observe(last.raw(text)))?.code).not.toBe('INVALID_ARGUMENT');
    }
  });

  test.each([
    ['AT+CMGF=0;+CNMI=2,2', 'AT+CMGF=1'],
    ['AT+CSDH=1;+CNMI=2,2', 'AT+CSDH=0'],
    ['AT+CMGF=1', 'AT+CMGR=1'],
    ['AT+CMGF=1', 'AT+CMGL'],
    ['AT+CNMI=2,1,0;+CMGF=1', 'AT+CNMI=,2'],
  ])('refuses that also where %s came before: %s', (before, text) => {
    const { last } = readyModem(world());
    expect(errorOf(observe(last.raw(before)))?.code).not.toBe('INVALID_ARGUMENT');
    expect(errorOf(observe(last.raw(text)))?.code).toBe('INVALID_ARGUMENT');
  });

  test('shows who uses the ten links', () => {
    const w = world();
    const network = openNetwork(w);
    const links = observe(network.modem.last.links$);
    observe(w.outside.serve('a', 80));
    const socket = observe(network.last.connect({ host: 'a', port: 80 }));
    observe(network.last.bind({ port: 5_000 }));
    w.advance(100);
    expect(links.last).toEqual([
      { link: 8, kind: 'udp', state: 'open', remote: undefined, server: undefined },
      { link: 9, kind: 'tcp', state: 'open', remote: { host: 'a', port: 80 }, server: undefined },
    ]);
    socket.unsubscribe();
    w.advance(100);
    expect(links.last.map(({ link }) => link)).toEqual([8]);
  });

  test('is dropped at once by abort, with what is open on the module', () => {
    const w = world({ whenClosed: 'goes on' });
    const network = openNetwork(w);
    observe(w.outside.serve('a', 80));
    const socket = observe(network.last.connect({ host: 'a', port: 80 }));
    w.advance(100);
    const from = w.commands.length;
    const aborted = observe(network.modem.last.abort());
    w.advance(100);
    expect([aborted.end, network.modem.end]).toEqual(['complete', 'complete']);
    expect(errorOf(socket)?.code).toBe('CLOSED');
    expect(commandsSince(w, from)).toEqual([]);
    expect(w.module.control.openLinks).toBe(1);
    w.advance(60_000);
    expect(w.scheduler.actions).toEqual([]);
  });

  test('reports changes of the registration, which it has asked for', () => {
    const w = world();
    const { last } = readyModem(w);
    expect(observe(last.run(cereg.read())).values).toEqual([{ stat: 1 }]);
    expect(w.commands).toContain('AT+CEREG=1');
  });
});

describe('a module at an unknown speed', () => {
  test('is looked for at each of the rates', () => {
    const w = world({ uart: { baudRate: 115_200 } });
    w.module.control.setHostFormat({ baudRate: 9_600 });
    const baudRates = [9_600, 460_800, 115_200];
    const opened = observe(modem(serialPort(w.module), { scheduler: w.scheduler, baudRates }));
    w.advance(20_000);
    expect(opened.values).toHaveLength(1);
  });
});

describe('a network', () => {
  test('resolves names, and says when there is none', () => {
    const w = world();
    const network = openNetwork(w);
    w.outside.host('example.com');
    const found = observe(network.last.resolve('example.com'));
    const missing = observe(network.last.resolve('nowhere.example'));
    w.advance(10_000);
    expect([found.values, found.end]).toEqual([['10.1.0.1'], 'complete']);
    expect(errorOf(missing)).toMatchObject({ code: 'NAME_NOT_FOUND', number: 10 });
  });

  test('hands its options to the module', () => {
    const w = world();
    openNetwork(w, {
      timeouts: { netOpen: 60_000, cipOpen: 30_000, cipSend: 20_000 },
      retries: 3,
      retransmission: 1_000,
      keepAlive: { idle: 2, count: 3, interval: 1 },
    });
    expect(w.commands).toEqual(
      expect.arrayContaining([
        'AT+CIPTIMEOUT=60000,30000,20000',
        'AT+CIPCCFG=3,0,0,1,0,0,1000,1',
        'AT+CTCPKA=1,2,3,1',
      ]),
    );
  });

  test.each([
    { retries: 11 },
    { retransmission: 100 },
    { timeouts: { netOpen: 1 } },
    { keepAlive: { idle: 0, count: 1 } },
  ])('refuses %j before anything is sent', (options) => {
    const w = world();
    const opened = readyModem(w);
    const from = w.commands.length;
    expect(errorOf(observe(opened.last.network(options)))?.code).toBe('INVALID_ARGUMENT');
    expect(commandsSince(w, from)).toEqual([]);
  });

  test('closes with everything in it, and completes', () => {
    const w = world();
    const network = openNetwork(w);
    observe(network.last.listen({ port: 7 }));
    observe(w.outside.serve('a', 80));
    observe(network.last.connect({ host: 'a', port: 80 }));
    w.advance(100);
    const closed = observe(network.last.close());
    w.advance(1_000);
    expect([closed.end, network.end]).toEqual(['complete', 'complete']);
    const { openLinks, openServers, networkOpen } = w.module.control;
    expect([openLinks, openServers, networkOpen]).toEqual([0, 0, false]);
  });

  test('tells when the peer has acknowledged everything (application note 4.1, CIPACK)', () => {
    const w = world();
    const network = openNetwork(w);
    const accepted = observe(w.outside.serve('a', 80));
    const socket = observe(network.last.connect({ host: 'a', port: 80 }));
    w.advance(100);
    accepted.last.pause();
    write(socket.last, 'x'.repeat(3_000));
    const delivered = observe(socket.last.delivered());
    w.advance(10_000);
    expect(delivered.end).toBe('open');
    observe(accepted.last.received$);
    accepted.last.resume();
    w.advance(10_000);
    expect(delivered.end).toBe('complete');
  });
});
