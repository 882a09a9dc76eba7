import { type Behaviour, refuse } from '@a7600/testing';
import { expect, test } from 'vitest';
import { errorOf, observe, openNetwork, type World, world } from '../../test/world.js';
import type { ModemOptions } from '../modem/options.js';

const INTERVAL = 60_000;
const FORGED = 'hi\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n';

/** A network that has been open for some intervals, what another program types, and a message after two intervals. */
function opened(typed: readonly string[], options: ModemOptions = {}, behaviours: Behaviour[] = []) {
  const w: World = world({ behaviours }, options);
  const network = openNetwork(w);
  const found = observe(network.modem.last.discrepancies$);
  w.advance(4 * INTERVAL);
  for (const line of typed) w.module.control.otherProgram(line);
  w.advance(2 * INTERVAL);
  w.module.control.phone('+491701234567').send(w.module.control.number, FORGED);
  w.advance(10_000);
  return { w, network, told: found.values.filter((each) => each.kind === 'setting') };
}

test('direct delivery of texts without their lengths, set by another program, is switched off, and that told', () => {
  const { network, told } = opened(['AT+CMGF=1', 'AT+CNMI=2,2']);
  expect(errorOf(network)).toBeUndefined();
  expect(told).toEqual([{ kind: 'setting', name: 'AT+CNMI', action: 'set again' }]);
});

test.each([
  ['as PDU', ['AT+CMGF=0', 'AT+CNMI=2,2']],
  ['with lengths', ['AT+CMGF=1', 'AT+CSDH=1', 'AT+CNMI=2,2']],
  ['to the store', ['AT+CMGF=1', 'AT+CNMI=2,1']],
])('messages that another program wants %s are left alone', (_, typed) => {
  const { network, told } = opened(typed);
  expect([errorOf(network), told]).toEqual([undefined, []]);
});

test('on a modem that is shared it is told once, and left alone', () => {
  const { w, told } = opened(['AT+CMGF=1', 'AT+CNMI=2,2'], { exclusive: false });
  expect(told).toEqual([{ kind: 'setting', name: 'AT+CNMI', action: 'left alone' }]);
  expect(w.commands.filter((text) => text.startsWith('AT+CNMI='))).toEqual([]);
});

test('firmware that refuses the question is asked once', () => {
  const { w } = opened([], {}, [{ command: '+CNMI', read: () => refuse() }]);
  expect(w.commands.filter((text) => text.includes('CNMI'))).toEqual(['AT+CNMI?']);
});
