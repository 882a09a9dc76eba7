import { describe, expect, test } from 'vitest';
import { errorOf, observe, openNetwork, world } from '../../test/world.js';

describe('the reason of +IPCLOSE (application note, 4.2)', () => {
  test.each([
    [0, 'error', /closed the connection to .* itself, and this program did not ask for it/],
    [1, 'complete', undefined],
    [2, 'error', /sending timed out/],
  ] as const)('%i ends what is received: %s', (reason, end, message) => {
    const w = world();
    observe(w.outside.serve('10.3.0.1', 80));
    const socket = observe(openNetwork(w).last.connect({ host: '10.3.0.1', port: 80 }));
    w.advance(1_000);
    const received = observe(socket.last.received$);
    w.module.control.otherProgram(`AT+CIPCLOSE=${socket.last.link}`);
    w.module.control.report(`+IPCLOSE: ${socket.last.link},${reason}`);
    w.advance(5_000);
    if (end === 'complete') expect(received.end).toBe('complete');
    else
      expect(errorOf(received)).toMatchObject({
        code: 'LINK_CLOSED',
        message: expect.stringMatching(message),
      });
  });
});
