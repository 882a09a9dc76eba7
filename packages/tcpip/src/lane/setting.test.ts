import { ok } from '@a7600/testing';
import { expect, test } from 'vitest';
import { observe, readyModem, world } from '../../test/world.js';

test.each([1, 3])(
  'a setting that arrives damaged %i times does not keep the network from opening',
  (times) => {
    let left = times;
    const w = world({
      behaviours: [
        {
          command: '+CIPCCFG',
          read: () => ok(`+CIPCCFG: 10,0,0,1,0,0,${left-- > 0 ? 50 : 500},1`),
          write: () => ok(),
        },
      ],
    });
    const network = observe(readyModem(w).last.network());
    w.advance(60_000);
    expect([network.end, network.values.length]).toEqual(['open', 1]);
  },
);
