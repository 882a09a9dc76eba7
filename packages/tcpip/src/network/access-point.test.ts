import { expect, test } from 'vitest';
import { commandsSince, observe, type World, world } from '../../test/world.js';
import type { NetworkOptions } from './options.js';

/** A modem that has left its network open, and the next one's network; `between` happens in between. */
function adopted(between: (w: World) => void, options: NetworkOptions = { apn: 'two' }) {
  const w = world({ whenClosed: 'goes on' });
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
  return { sent, found: found.values, isOpen: network.values.length === 1 };
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
