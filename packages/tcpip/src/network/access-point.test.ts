import { type Behaviour, ok, refuse } from '@a7600/testing';
import { NEVER } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { commandsSince, errorOf, observe, openNetwork, type World, world } from '../../test/world.js';
import type { ModemOptions } from '../modem/options.js';
import type { NetworkOptions } from './options.js';

/** A modem that has left its network open, and the next one's network; `between` happens in between. */
function adopted(
  between: (w: World) => void,
  options: NetworkOptions = { apn: 'two' },
  behaviours: Behaviour[] = [],
  modem: ModemOptions = {},
) {
  const w = world({ whenClosed: 'goes on', behaviours }, modem);
  const first = observe(w.modem$);
  w.advance(2_000);
  observe(first.last.network({ apn: 'one' }));
  w.advance(2_000);
  observe(first.last.abort());
  w.advance(100);
  between(w);
  const from = w.commands.length;
  const next = observe(w.modem$);
  w.advance(2_000);
  const found = observe(next.last.discrepancies$);
  const network = observe(next.last.network(options));
  w.advance(5_000);
  const sent = commandsSince(w, from).filter((text) => /NETOPEN$|NETCLOSE|CGCONTRDP/.test(text));
  return { sent, found: found.values, isOpen: network.values.length === 1, end: network.end };
}

test('an open network that was opened with another access point than is defined now is opened again, and that told', () => {
  const { sent, found, isOpen } = adopted((w) => w.module.control.otherProgram('AT+CGDCONT=1,"IP","two"'));
  expect(sent).toEqual(['AT+CGCONTRDP=1', 'AT+NETCLOSE', 'AT+NETOPEN']);
  expect(found).toEqual([{ kind: 'setting', name: 'AT+CGCONTRDP', action: 'set again' }]);
  expect(isOpen).toBe(true);
});

test('one with the access point that is wanted is adopted', () => {
  expect(adopted(() => {}, { apn: 'ONE' })).toMatchObject({
    sent: ['AT+CGCONTRDP=1'],
    found: [],
    isOpen: true,
  });
});

test('nothing is asked of it where no access point is wanted', () => {
  expect(adopted(() => {}, {}).sent).toEqual([]);
});

const definedAgain = (w: World) => w.module.control.otherProgram('AT+CGDCONT=1,"IP","two"');
/** What `AT+CGCONTRDP=1` is answered. */
const inUse = (write: NonNullable<Behaviour['write']>): Behaviour[] => [{ command: '+CGCONTRDP', write }];
const line = (cid: number, apn: string) => ok(`+CGCONTRDP: ${cid},5,"${apn}","10.0.0.2"`);

test('a network that another program uses too is adopted all the same, and the difference told', () => {
  const next: ModemOptions = { exclusive: false };
  expect(
    adopted(
      definedAgain,
      undefined,
      inUse(() => line(1, 'one')),
      next,
    ),
  ).toMatchObject({
    sent: ['AT+CGCONTRDP=1'],
    found: [{ kind: 'setting', name: 'AT+CGCONTRDP', action: 'left alone' }],
    isOpen: true,
  });
});

test.each<[string, NonNullable<Behaviour['write']>]>([
  [
    'gives the name that is wanted with what the operator adds (3GPP TS 23.003, 9.1.2)',
    () => line(1, 'TWO.mnc012.mcc345.gprs'),
  ],
  ['gives no name', () => line(1, '')],
  ['lists no context', () => ok()],
  ['lists another context only', () => line(2, 'one')],
  ['does not know the command', () => refuse()],
])('a network of which the module %s is adopted', (_, write) => {
  expect(adopted(definedAgain, undefined, inUse(write))).toMatchObject({
    sent: ['AT+CGCONTRDP=1'],
    found: [],
    isOpen: true,
  });
});

test('a line that ends while that is asked ends the network with its own error', () => {
  let unplug = () => {};
  const asked = inUse(() => {
    unplug();
    return NEVER;
  });
  const plugged = (w: World) => {
    definedAgain(w);
    unplug = () => w.module.control.unplug();
  };
  expect(adopted(plugged, undefined, asked).end).toMatchObject({ error: { code: 'TRANSPORT_LOST' } });
});

describe('while the network is open', () => {
  const MINUTE = 60_000;

  /** A network for `one`, open for two minutes, and then what another program types. */
  function opened(typed: readonly string[], behaviours: Behaviour[] = [], modem: ModemOptions = {}) {
    const w = world({ behaviours }, modem);
    const network = openNetwork(w, { apn: 'one' });
    const found = observe(network.modem.last.discrepancies$);
    w.advance(2 * MINUTE);
    for (const line of typed) {
      w.module.control.otherProgram(line);
      w.advance(2_000);
    }
    w.advance(3 * MINUTE);
    return { w, network, found };
  }

  const asIts = ['AT+NETCLOSE', 'AT+CGDCONT=1,"IP","two"', 'AT+NETOPEN'];
  /** The other network has the same address, so that only its access point tells. */
  const sameAddress: Behaviour[] = [{ command: '+IPADDR', execute: () => ok('+IPADDR: 10.0.0.2') }];

  test('one that another program has opened as its own ends as changed, also with the same address', () => {
    const { network, found } = opened(asIts, sameAddress);
    expect(errorOf(network)).toMatchObject({
      code: 'NETWORK_CHANGED',
      message: expect.stringContaining('CGCONTRDP'),
    });
    expect(found.values).toContainEqual({ kind: 'setting', name: 'AT+CGCONTRDP', action: 'set again' });
  });

  test('one that is shared goes on, and that is told once', () => {
    const { network, found } = opened(asIts, sameAddress, { exclusive: false });
    expect(network.end).toBe('open');
    const told = found.values.filter((each) => each.kind === 'setting' && each.name === 'AT+CGCONTRDP');
    expect(told).toEqual([{ kind: 'setting', name: 'AT+CGCONTRDP', action: 'left alone' }]);
  });

  test('one damaged answer is no evidence', () => {
    let asked = 0;
    const damaged = inUse(() => {
      asked += 1;
      return line(1, asked === 3 ? 'onf' : 'one');
    });
    const { network } = opened([], damaged);
    expect([network.end, asked > 4]).toEqual(['open', true]);
  });

  test('firmware that does not know the command is asked once', () => {
    const { w, network } = opened(
      [],
      inUse(() => refuse()),
    );
    expect(network.end).toBe('open');
    expect(w.commands.filter((text) => text.includes('CGCONTRDP'))).toEqual(['AT+CGCONTRDP=1']);
  });
});
