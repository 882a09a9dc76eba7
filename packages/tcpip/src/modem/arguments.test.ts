import { type Command, csq } from '@a7600/at-codec';
import type { Observable } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { errorOf, observe, openNetwork, type World, world } from '../../test/world.js';
import type { Network } from '../network/network.js';
import type { UdpSocket } from '../sockets/udp-socket.js';
import type { Modem } from './modem.js';

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
  send: ({ socket }, value) => socket.send(anything(value), { host: '10.3.0.1', port: 5 }),
};
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
