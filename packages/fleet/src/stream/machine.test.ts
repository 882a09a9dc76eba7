import { expect, test } from 'vitest';
import { decodeFrame } from '../protocol/frame.js';
import { StreamMachine } from './machine.js';

const CHUNK = 16_384;

function sender() {
  let sent = 0;
  const machine = new StreamMachine(
    'agent',
    {
      send: (frame) => void (decodeFrame(frame)?.kind === 'data' && sent++),
      deliver() {},
      over() {},
      soon: (work) => work(),
      allowance: () => 0,
    },
    0,
  );
  return { machine, sent: () => sent * CHUNK };
}

test('a side that permits any number of bytes and acknowledges none gets no more than the largest window', () => {
  const { machine, sent } = sender();
  machine.receive({ kind: 'credit', received: 0, limit: 2 ** 50, resend: false, unopened: false }, 0);
  for (let n = 0; n < 256; n++) machine.write(new Uint8Array(CHUNK));
  expect([sent(), machine.waiting]).toEqual([2_097_152, 256 * CHUNK - 2_097_152]);
  machine.receive({ kind: 'credit', received: CHUNK, limit: 0, resend: false, unopened: false }, 1);
  expect(sent()).toBe(2_097_152 + CHUNK);
});
