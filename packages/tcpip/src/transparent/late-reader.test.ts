import { expect, test } from 'vitest';
import { observe, openNetwork, textOf, world, write } from '../../test/world.js';

const PEER = { host: '10.3.0.1', port: 80 };
const PAYLOAD = '0123456789abcdef'.repeat(16_384);

// The session is silent for `confirmInterval` (60 s) just when the line that flow control stopped moves again.
test.each([48, 50, 52, 54, 56, 58, 60, 62])(
  'a peer that reads after %i s gets the payload and nothing else',
  (seconds) => {
    const w = world({ uart: { baudRate: 115_200, rtscts: true } }, { rtscts: true });
    const network = openNetwork(w, { transparent: true });
    const accepted = observe(w.outside.serve(PEER.host, PEER.port));
    const session = observe(network.last.transparent(PEER));
    w.advance(2_000);
    write(session.last, PAYLOAD);
    w.advance(seconds * 1_000);
    const arrived = observe(accepted.last.received$);
    w.advance(120_000);
    expect(textOf(arrived.values) === PAYLOAD).toBe(true);
    network.modem.unsubscribe();
  },
);
