import { netOpen } from '@a7600/at-codec';
import { Subscription } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { caller, connection, expectTalk, listening, upon } from '../../test/fixtures.js';
import { commandsSince, errorOf, observe, openNetwork, readyModem, world, write } from '../../test/world.js';

describe('network', () => {
  test('defines the context, opens, and tells its address', () => {
    const w = world();
    const modem = readyModem(w);
    const from = w.commands.length;
    const network = observe(modem.last.network({ apn: 'internet' }));
    w.advance(1_000);
    expect(network.last.address).toBe('10.0.0.2');
    expect(commandsSince(w, from)).toEqual([
      'AT+CSCLK?',
      'AT+CIPRXGET?',
      'AT+CIPRXGET=1',
      'AT+CIPRXGET?',
      'AT+CGDCONT?',
      'AT+CIPMODE?',
      'AT+CIPCCFG?',
      'AT+NETOPEN?',
      'AT+CGDCONT=1,"IP","…"',
      'AT+CGDCONT?',
      'AT+CIPCCFG=10,0,0,1,0,0,500,1',
      'AT+CIPCCFG?',
      'AT+NETOPEN',
      'AT+IPADDR',
    ]);
  });

  test('is closed again, after its servers and sockets', () => {
    const w = world();
    const { network } = listening(w);
    caller(w);
    w.advance(100);
    const from = w.commands.length;
    network.modem.unsubscribe();
    w.advance(1_000);
    expect(commandsSince(w, from)).toEqual(['AT+CIPCLOSE=0', 'AT+SERVERSTOP=0', 'AT+NETCLOSE']);
    expect(w.scheduler.actions).toEqual([]);
  });

  test('adopts an open network and closes what was left in it (Q-32, pain point 11)', () => {
    const w = world();
    const first = listening(w);
    caller(w);
    w.advance(100);
    const from = w.commands.length;
    // A second program after the first one was killed: the module still has everything open.
    const network = observe(first.network.modem.last.network());
    w.advance(1_000);
    expect(network.last.address).toBe('10.0.0.2');
    expect(commandsSince(w, from)).toEqual([
      'AT+CSCLK?',
      'AT+CIPRXGET?',
      'AT+CIPMODE?',
      'AT+CIPCCFG?',
      'AT+NETOPEN?',
      'AT+CIPCLOSE?',
      'AT+CIPCLOSE=0',
      'AT+SERVERSTART?',
      'AT+SERVERSTOP=0',
      'AT+IPADDR',
    ]);
  });

  test('reopens a network that keeps its settings while it is open', () => {
    const w = world();
    const modem = readyModem(w);
    observe(modem.last.run(netOpen()));
    w.advance(1_000);
    const from = w.commands.length;
    const network = observe(modem.last.network());
    w.advance(1_000);
    expect(network.values).toHaveLength(1);
    expect(commandsSince(w, from).slice(6)).toEqual([
      'AT+NETOPEN?',
      'AT+NETCLOSE',
      'AT+CIPCCFG=10,0,0,1,0,0,500,1',
      'AT+CIPCCFG?',
      'AT+NETOPEN',
      'AT+IPADDR',
    ]);
  });

  test.each(['the modem', 'the network', 'a subscription'] as const)(
    'what was opened in it completes when it is closed by %s',
    (by) => {
      const w = world();
      const network = openNetwork(w);
      observe(w.outside.serve('a', 1));
      const opened = [
        observe(network.last.connect({ host: 'a', port: 1 })),
        observe(network.last.bind({ port: 9 })),
        observe(network.last.listen({ port: 7 })),
      ];
      w.advance(100);
      if (by === 'a subscription') network.unsubscribe();
      else observe(by === 'the modem' ? network.modem.last.close() : network.last.close());
      w.advance(1_000);
      expect(opened.map(({ end }) => end)).toEqual(['complete', 'complete', 'complete']);
      if (by !== 'a subscription') expect(network.end).toBe('complete');
    },
  );

  test('unsubscribed while it opens, it is closed again', () => {
    const w = world();
    const modem = observe(w.modem$);
    w.advance(1_000);
    const network = new Subscription();
    upon(w, /^AT\+NETOPEN$/, () => network.unsubscribe());
    network.add(modem.last.network().subscribe());
    w.advance(1_000);
    expect(w.commands.at(-1)).toBe('AT+NETCLOSE');
    expect(w.module.control.networkOpen).toBe(false);
  });

  test('one family that reports the loss of its registration is not asked about while another is registered', () => {
    const w = world();
    const network = openNetwork(w, { registrationGrace: 1_000, apn: 'internet' });
    w.module.control.report('+CREG: 1');
    w.module.control.report('+CEREG: 1');
    w.module.control.report('+CREG: 2');
    const from = w.commands.length;
    w.advance(5_000);
    expect(commandsSince(w, from).filter((text) => text.includes('REG?'))).toEqual([]);
    w.module.control.report('+CEREG: 2');
    w.advance(5_000);
    expect(commandsSince(w, from)).toContain('AT+CEREG?');
    expect(network.end).toBe('open');
  });

  test('its loss fails it, its sockets and its servers, once each (Q-30)', () => {
    const w = world();
    const { network, clients } = listening(w);
    caller(w);
    const received = observe(clients.last.received$);
    w.module.control.loseBearer();
    expect([network, clients, received].map((observed) => errorOf(observed)?.code)).toEqual([
      'NETWORK_LOST',
      'NETWORK_LOST',
      'NETWORK_LOST',
    ]);
    w.advance(1_000);
    expect(network.modem.end).toBe('open');
    const again = observe(network.modem.last.network());
    w.advance(1_000);
    expect(again.values).toHaveLength(1);
  });

  test.each([
    ['buffer', 'AT+CIPRXGET=0'],
    ['hex', 'AT+CIPRXGET=0'],
    ['push', 'AT+CIPRXGET=1'],
  ] as const)('opened for %s and changed by %s, it does not lose data in silence', (receive, change) => {
    const w = world();
    const network = openNetwork(w, { receive });
    observe(network.modem.last.raw(change));
    const { far } = connection(w, network);
    write(far, 'hello');
    w.advance(1_000);
    expect(errorOf(network)).toMatchObject({
      code: 'NETWORK_CHANGED',
      message: expect.stringContaining('CIPRXGET'),
    });
    const again = Object.assign(observe(network.modem.last.network({ receive })), { modem: network.modem });
    w.advance(1_000);
    expectTalk(w, connection(w, again, 'example.org'));
  });

  test('a damaged line alone does not end it', () => {
    const w = world();
    const network = openNetwork(w);
    const before = w.commands.length;
    w.module.control.report('+IPD0');
    w.advance(1_000);
    expect(commandsSince(w, before)).toEqual(['AT+CIPRXGET?']);
    expect(network.end).toBe('open');
  });
});
