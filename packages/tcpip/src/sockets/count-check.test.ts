import { describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { laneOfTest } from '../../test/link-rig.js';
import { observe } from '../../test/world.js';
import { CountCheck } from './count-check.js';

const told = (received: number) => ({ sent: 0, acknowledged: 0, received });

/** A connection with direct push whose counters have agreed on 4 bytes, and now say that 4 more were received. */
function missing() {
  const { run, asked, answer, refuse } = laneOfTest();
  const { scheduler, advance } = virtualTime();
  const state = { read: 4, isOpen: true, lost: 0 };
  const check = new CountCheck({
    ...{ link: 9, lane: { run }, scheduler, isPushed: true },
    isOpen: () => state.isOpen,
    own: () => ({ read: state.read, confirmed: 0, submitted: 0 }),
    onLost: () => {
      state.lost += 1;
    },
    onFound: () => {},
  });
  observe(check.counted(told(4)));
  observe(check.counted(told(8)));
  return { state, advance, asked, answer, refuse };
}

describe('bytes that the module has counted and not pushed (AT+CIPACK)', () => {
  test('are lost when it counts the same 5 s later, and none has come', () => {
    const { state, advance, asked, answer } = missing();
    advance(4_999);
    expect(asked).toEqual([]);
    advance(1);
    expect([asked, state.lost]).toEqual([['AT+CIPACK=9'], 0]);
    answer(told(8));
    expect(state.lost).toBe(1);
  });

  test('are on their way while it counts more', () => {
    const { state, advance, answer } = missing();
    advance(5_000);
    answer(told(9));
    expect(state.lost).toBe(0);
  });

  test('are on their way while some come', () => {
    const { state, advance, answer } = missing();
    advance(5_000);
    state.read = 6;
    answer(told(8));
    expect(state.lost).toBe(0);
  });

  test('are of no interest when the connection has ended, before the question or before its answer', () => {
    const [before, meanwhile] = [missing(), missing()];
    before.state.isOpen = false;
    before.advance(5_000);
    expect(before.asked).toEqual([]);
    meanwhile.advance(5_000);
    meanwhile.state.isOpen = false;
    meanwhile.answer(told(8));
    expect(meanwhile.state.lost).toBe(0);
  });

  test('are not known where the module does not answer', () => {
    const { state, advance, refuse } = missing();
    advance(5_000);
    refuse(new Error('ERROR'));
    expect(state.lost).toBe(0);
  });
});
