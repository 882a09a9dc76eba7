import { type Behaviour, ok, refuse } from '@a7600/testing';
import { delay, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { connection, listening } from '../../test/fixtures.js';
import { commandsSince, errorOf, observe, openNetwork, readyModem, world } from '../../test/world.js';
import type { Network } from './network.js';

const INTERVAL = 60_000;

describe('a network that is given up', () => {
  test('before anything of it was opened is not closed, and the next one opens', () => {
    const slow: Behaviour = {
      command: '+CIPMODE',
      read: (_, { clock }) => of(ok('+CIPMODE: 0')).pipe(delay(200, clock.scheduler)),
    };
    const w = world({ behaviours: [slow] });
    const modem = readyModem(w);
    const first = observe(modem.last.network());
    w.advance(100);
    first.unsubscribe();
    w.advance(5_000);
    expect(w.commands.filter((text) => /NETOPEN$|NETCLOSE/.test(text))).toEqual([]);
    const next = observe(modem.last.network());
    w.advance(5_000);
    expect(next.values).toHaveLength(1);
  });

  test('because the module did not say in time whether it is open is closed', () => {
    // It says OK, and never what became of it.
    const mute: Behaviour = { command: '+NETOPEN', execute: () => ok(), read: () => ok('+NETOPEN: 0') };
    const w = world({ behaviours: [mute] });
    const network = observe(readyModem(w).last.network());
    w.advance(300_000);
    expect(errorOf(network)?.code).toBe('TIMEOUT');
    expect(w.commands).toContain('AT+NETCLOSE');
  });

  test('while the last one is being closed is waited for, and so is that', () => {
    const w = world();
    const { network } = listening(w);
    network.unsubscribe();
    observe(network.modem.last.network()).unsubscribe();
    const third = observe(network.modem.last.network());
    w.advance(10_000);
    expect([third.values.length, third.end, w.module.control.networkOpen]).toEqual([1, 'open', true]);
    expect(w.commands.indexOf('AT+NETCLOSE')).toBeLessThan(w.commands.lastIndexOf('AT+NETOPEN'));
  });

  test('is not asked about any more', () => {
    const w = world();
    const network = openNetwork(w, { check: { connect: { host: '10.3.0.9', port: 80 }, every: 30_000 } });
    observe(network.last.close());
    w.advance(1_000);
    const from = w.commands.length;
    w.module.control.report('+CREG: 2');
    w.advance(5 * INTERVAL);
    expect(commandsSince(w, from).filter((text) => /NETOPEN|CIP|IPADDR|REG/.test(text))).toEqual([]);
  });
});

test('a network is not begun when the bytes that it may cost are spent', () => {
  const w = world({}, { budget: { bytes: 1, per: 86_400_000 } });
  observe(w.outside.serve('10.3.0.1', 80));
  const first = openNetwork(w);
  observe(first.last.connect({ host: '10.3.0.1', port: 80 }));
  w.advance(5_000);
  expect(errorOf(first)?.code).toBe('BUDGET_SPENT');
  const from = w.commands.length;
  expect(errorOf(observe(first.modem.last.network()))?.code).toBe('BUDGET_SPENT');
  w.advance(5_000);
  expect(commandsSince(w, from)).toEqual([]);
});

describe('what is opened in a network', () => {
  const OPERATIONS: readonly (readonly [
    string,
    string,
    (network: Network) => (options: never) => unknown,
  ])[] = [
    ['connect', "{ host: 'example.com', port: 80 }", ({ connect }) => connect],
    ['listen', '{ port: 7 }', ({ listen }) => listen],
    ['bind', '{ port: 5000 }', ({ bind }) => bind],
    ['transparent', "{ host: 'example.com', port: 80 }", ({ transparent }) => transparent],
  ];

  test.each(OPERATIONS)(
    'by %s() without options is refused with what they are',
    (name, example, operation) => {
      const network = openNetwork(world());
      const opened = observe(operation(network.last)(undefined as never) as ReturnType<Network['connect']>);
      expect(errorOf(opened)).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: `${name}() needs options such as ${example}, not undefined.`,
      });
    },
  );

  test('has an error that says what the module could not do for it (Q-18)', () => {
    const w = world();
    const { last } = openNetwork(w);
    const codeOf = (opened: ReturnType<Network['connect' | 'bind']>) => {
      const observed = observe<unknown>(opened);
      w.advance(1_000);
      return errorOf(observed)?.code;
    };
    observe(last.listen({ port: 7 }));
    observe(last.bind({ port: 7 }));
    expect(codeOf(last.connect({ host: '10.3.0.1', port: 1 }))).toBe('CONNECT_REFUSED');
    expect(codeOf(last.listen({ port: 7 }))).toBe('PORT_IN_USE');
    expect(codeOf(last.bind({ port: 7 }))).toBe('PORT_IN_USE');
  });

  test('over a transparent session has the same', () => {
    const w = world();
    const { last } = openNetwork(w, { transparent: true });
    const session = observe(last.transparent({ host: '10.3.0.1', port: 1 }));
    w.advance(30_000);
    expect(errorOf(session)?.code).toBe('CONNECT_REFUSED');
  });

  test.each<[string, Behaviour, (network: Network) => ReturnType<Network['listen' | 'transparent']>, string]>(
    [
      [
        'a transparent session',
        { command: '+CIPOPEN', write: () => refuse('+CIPOPEN: 0,1') },
        (network) => network.transparent({ host: 'h', port: 1 }),
        'CONNECT_REFUSED',
      ],
      [
        'a server',
        { command: '+SERVERSTART', write: () => refuse('+CIPERROR: 7') },
        (network) => network.listen({ port: 7 }),
        'CAPACITY',
      ],
    ],
  )('has, for %s, the code of the number that the module gives', (_, behaviour, open, code) => {
    const w = world({ behaviours: [behaviour] });
    const { last } = openNetwork(w, { transparent: code === 'CONNECT_REFUSED' });
    const opened = observe<unknown>(open(last));
    w.advance(30_000);
    expect(errorOf(opened)?.code).toBe(code);
  });

  test('ends where a session that was to be transparent is an ordinary one', () => {
    const w = world({ behaviours: [{ command: '+CIPOPEN', write: () => ok('+CIPOPEN: 0,0') }] });
    const network = openNetwork(w, { transparent: true });
    observe(network.last.transparent({ host: 'h', port: 1 }));
    w.advance(30_000);
    expect(errorOf(network)?.code).toBe('NETWORK_CHANGED');
  });

  test('takes one command where the module is set for it', () => {
    const w = world();
    const { last } = openNetwork(w);
    const from = w.commands.length;
    observe(last.connect({ host: '10.3.0.1', port: 1 }));
    w.advance(1_000);
    expect(commandsSince(w, from)).toEqual(['AT+CIPOPEN=9,"TCP","10.3.0.1",1']);
  });
});

describe('a network for a transparent session (application note, 1.6)', () => {
  const open = (receive?: 'push') => {
    const w = world({ behaviours: [{ command: '+CIPRXGET', read: () => ok(`+CIPRXGET: ${mode}`), write }] });
    let mode = 0;
    const sent: number[] = [];
    function write({ values }: { readonly values: readonly unknown[] }) {
      if (values.length > 1) return refuse();
      mode = Number(values[0]);
      sent.push(mode);
      return ok();
    }
    const network = openNetwork(w, { transparent: true, receive });
    return { w, network, sent, change: () => (mode = 0) };
  };

  test('sets the module for other links with the first of them, once', () => {
    const { w, network, sent } = open('push');
    w.advance(5 * INTERVAL);
    w.module.control.report('+IPD0');
    w.advance(1_000);
    expect(w.commands.filter((text) => text.includes('CIPRXGET'))).toEqual([]);
    for (const host of ['10.3.0.1', '10.3.0.2']) observe(network.last.connect({ host, port: 1 }));
    w.advance(1_000);
    observe(network.last.connect({ host: '10.3.0.3', port: 1 }));
    w.advance(1_000);
    expect(sent).toEqual([1]);
    expect(w.commands.filter((text) => text.includes('CIPRXGET'))).toEqual([
      'AT+CIPRXGET?',
      'AT+CIPRXGET=1',
      'AT+CIPRXGET?',
    ]);
  });

  test('ends when another program lets the module push their data', () => {
    const { w, network, change } = open();
    observe(network.last.connect({ host: '10.3.0.1', port: 1 }));
    w.advance(1_000);
    change();
    w.module.control.report('+IPD0');
    w.advance(1_000);
    expect(errorOf(network)?.code).toBe('NETWORK_CHANGED');
  });
});

test.each([
  ['new', 'taken'],
  ['old', 'refused'],
])(
  'in direct push a second peer with a name is, with the headers of %s firmware, %s',
  (firmware, outcome) => {
    // Firmware without the field has no link number in the header (Q-3a).
    const old = { command: '+CIPCCFG', read: () => ok('+CIPCCFG: 10,0,0,1,0,0,500'), write: () => refuse() };
    const w = world({ behaviours: firmware === 'new' ? [] : [old] });
    const network = openNetwork(w, { receive: 'push' });
    connection(w, network, 'example.com');
    const second = observe(network.last.connect({ host: 'example.org', port: 80 }));
    w.advance(1_000);
    expect(errorOf(second)?.code).toBe(outcome === 'taken' ? 'NAME_NOT_FOUND' : 'CAPACITY');
  },
);
