import { ok, refuse } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import { observe, openNetwork, type World, world } from '../../test/world.js';

const INTERVAL = 60_000;

/** A module that refuses to tell a setting `refusals` times, and takes another value than the first that is set. */
function damaged(
  command: '+CATR' | '+CIPHEAD',
  other: number,
  refusals: number,
): { w: World; value: () => number } {
  const state = { value: other, left: refusals, reads: 0 };
  const w = world({
    behaviours: [
      {
        command,
        read: () => {
          state.reads += 1;
          return state.left-- > 0 ? refuse() : ok(`${command}: ${state.value}`);
        },
        write: ({ values: [value] }) => {
          if (state.reads > 1) state.value = Number(value);
          return ok();
        },
      },
    ],
  });
  return { w, value: () => state.value };
}

describe('a setting that the module accepts and does not tell', () => {
  test.each([
    ['+CATR', 2, 0, 'buffer'],
    ['+CIPHEAD', 0, 1, 'push'],
  ] as const)('is set right as soon as it is told: %s', (command, other, wanted, receive) => {
    const { w, value } = damaged(command, other, 3);
    const network = openNetwork(w, { receive });
    const found = observe(network.modem.last.discrepancies$);
    expect(value()).toBe(other);
    w.advance(4 * INTERVAL);
    expect(value()).toBe(wanted);
    expect(found.values).toEqual([{ kind: 'setting', name: `AT${command}`, action: 'set again' }]);
  });

  test('is asked for three times, and no more', () => {
    const { w, value } = damaged('+CATR', 2, Number.POSITIVE_INFINITY);
    openNetwork(w);
    w.advance(10 * INTERVAL);
    expect(w.commands.filter((text) => text.includes('CATR?'))).toEqual(Array(2 + 3).fill('AT+CATR?'));
    expect(value()).toBe(2);
  });

  test('of a network that was closed is not asked for any more', () => {
    const { w } = damaged('+CIPHEAD', 1, Number.POSITIVE_INFINITY);
    const network = openNetwork(w, { receive: 'push' });
    network.unsubscribe();
    const from = w.commands.length;
    w.advance(5 * INTERVAL);
    expect(w.commands.slice(from)).not.toContain('AT+CIPHEAD?');
  });
});
