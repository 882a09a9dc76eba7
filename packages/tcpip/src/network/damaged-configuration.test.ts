import type { Behaviour } from '@a7600/testing';
import { expect, test } from 'vitest';
import { observe, readyModem, world } from '../../test/world.js';

test.each([1, 100])(
  'a configuration with a damaged value is asked for again, and opens: %i times',
  (times) => {
    let damaged = times;
    const behaviour: Behaviour = {
      command: '+CIPCCFG',
      // The third digit of the shortest time before a retransmission, 500 ms, was lost on the line.
      read: () => {
        const value = damaged-- > 0 ? '50' : '500';
        return { units: [{ parts: [`+CIPCCFG: 10,0,0,1,0,0,${value},1`] }], result: 'OK' };
      },
    };
    const w = world({ behaviours: [behaviour] });
    const network = observe(readyModem(w).last.network());
    w.advance(10_000);
    expect([network.values.length, network.end]).toEqual([1, 'open']);
  },
);
