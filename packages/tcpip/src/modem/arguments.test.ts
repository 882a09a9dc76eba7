import { type Command, csq } from '@a7600/at-codec';
import { NEVER, type Observable } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { errorOf, observe, openNetwork, type World, world } from '../../test/world.js';
import { multiplexed } from '../multiplexing/multiplexed.js';
import type { Network } from '../network/network.js';
import { keepOnline } from '../recovery/keep-online.js';
import type { UdpSocket } from '../sockets/udp-socket.js';
import type { Modem } from './modem.js';
import { modem } from './open-modem.js';

/** What a program without types may pass. */
const anything = (value: unknown) => value as never;

interface Opened {
  readonly modem: Modem;
  readonly network: Network;
  readonly socket: UdpSocket;
}

const CALLS: Readonly<Record<string, (opened: Opened, value: unknown) => Observable<unknown>>> = {
  connect: ({ network }, value) => network.connect(anything(value)),
  'connect host': ({ network }, value) => network.connect({ host: anything(value), port: 80 }),
  'connect port': ({ network }, value) => network.connect({ host: 'a.b', port: anything(value) }),
  listen: ({ network }, value) => network.listen(anything(value)),
  'listen port': ({ network }, value) => network.listen({ port: anything(value) }),
  bind: ({ network }, value) => network.bind(anything(value)),
  transparent: ({ network }, value) => network.transparent(anything(value)),
  resolve: ({ network }, value) => network.resolve(anything(value)),
  raw: ({ modem }, value) => modem.raw(anything(value)),
  run: ({ modem }, value) => modem.run(anything(value) as Command),
  'network apn': ({ modem }, value) => modem.network({ apn: anything(value) ?? 5 }),
  'network options': ({ modem }, value) => modem.network(anything(value === undefined ? null : known(value))),
  'network receive': ({ modem }, value) => modem.network({ receive: anything(value ?? 5) }),
  'network check': ({ modem }, value) =>
    modem.network({ check: value === undefined ? anything(5) : anything(value) }),
  'network registrationGrace': ({ modem }, value) =>
    modem.network({ registrationGrace: anything(typeof value === 'number' ? -1 : (value ?? '5')) }),
  'listen onListening': ({ network }, value) =>
    network.listen({ port: 7, onListening: anything(typeof value === 'function' ? {} : (value ?? 5)) }),
  'bind remote': ({ network }, value) => network.bind({ port: 5_001, remote: anything(known(value) ?? 5) }),
  'send to': ({ socket }, value) => socket.send('x', anything(known(value) ?? null)),
  'raw timeout': ({ modem }, value) =>
    modem.raw('AT+CSQ', anything(typeof value === 'number' ? -1 : (value ?? 0))),
  'run half a command': ({ modem }, value) =>
    modem.run({ ...csq(), read: anything(typeof value === 'function' ? undefined : value) }),
  urc: ({ modem }, value) => modem.urc$(anything(value)),
  send: ({ socket }, value) => socket.send(anything(value), { host: '10.3.0.1', port: 5 }),
};
/** Objects are options, however empty. */
const known = (value: unknown) => (typeof value === 'object' && value !== null ? 5 : value);
const WRONG: readonly unknown[] = [undefined, null, 5.5, true, Symbol('s'), {}, () => {}];

describe('an argument that cannot be used', () => {
  let w: World;
  let opened: Opened;
  beforeEach(() => {
    w = world();
    const network = openNetwork(w);
    const sockets = observe(network.last.bind({ port: 5_000, remote: { host: '10.3.0.1', port: 5 } }));
    w.advance(1_000);
    opened = { modem: network.modem.last, network: network.last, socket: sockets.last };
  });

  test.each(Object.entries(CALLS))('fails that call of %s alone, and never throws', (name, call) => {
    for (const value of WRONG) {
      const observed = observe(call(opened, value));
      w.advance(1_000);
      const expected =
        name === 'transparent' && typeof value === 'object' && value !== null
          ? 'WRONG_MODE'
          : 'INVALID_ARGUMENT';
      expect([String(value), errorOf(observed)?.code]).toEqual([String(value), expected]);
      expect(errorOf(observed)?.message).toMatch(/must be|needs|begins with|Open the network with/);
    }
    const after = observe(opened.modem.run(csq()));
    w.advance(1_000);
    expect(after.values).toHaveLength(1);
  });
});

describe('an argument of a modem that cannot be used', () => {
  const refused = (work$: Observable<unknown>) => errorOf(observe(work$));
  const { scheduler } = world();

  test.each([undefined, null, 5, 'x', {}, [], { control: 5, data: 5 }])('as the port: %j', (port) => {
    for (const open of [modem, keepOnline]) {
      expect(refused(open(anything(port)))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('modem() needs an observable that opens the port'),
      });
    }
    expect(refused(multiplexed(anything(port)).control)).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test.each([
    { trace: 5 },
    { onState: 'x' },
    { startTimeout: Number.NaN },
    { readyTimeout: -1 },
    { confirmInterval: 10 },
    { confirmInterval: true },
    { exclusive: 1 },
    { budget: null },
    { pin: 1234 },
  ])('as an option: %j', (options) => {
    const error = refused(modem(NEVER, { scheduler, ...(options as object) }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(error?.message).toContain(`${Object.keys(options)[0]} of modem() must be`);
    expect(error?.message).not.toContain('1234');
  });

  test.each([null, 5, { onStep: 5 }, { power: {} }, { pauses: null }])(
    'as options of keepOnline: %j',
    (options) => {
      expect(refused(keepOnline(NEVER, anything(options)))?.code).toBe('INVALID_ARGUMENT');
    },
  );
});

test('limits without a value are left as the module has them', () => {
  const w = world();
  expect(openNetwork(w, { timeouts: {} }).end).toBe('open');
  expect(w.commands.some((text) => text.startsWith('AT+CIPTIMEOUT'))).toBe(false);
});
