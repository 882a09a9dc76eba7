import { describe, expect, test } from 'vitest';
import { startedLane } from '../../test/lane-rig.js';
import { laneOfTest } from '../../test/link-rig.js';
import { errorOf, observe } from '../../test/world.js';
import { ModemError } from '../base/errors.js';
import { Proof } from './proof.js';

/** A proof whose module is the test; `draws` are the random numbers, over and over. */
function rig(...draws: readonly number[]) {
  const lane = startedLane();
  let drawn = 0;
  const proof = new Proof(lane.lane, () => draws[drawn++ % draws.length] as number);
  const holds = (limits: string) => lane.print(`+CIPTIMEOUT: ${limits}`, 'OK');
  return { ...lane, proof, holds };
}
const NOT_KEPT = expect.objectContaining({ code: 'SETTING_REFUSED', command: 'AT+CIPTIMEOUT' });

describe('the numbers that prove where an answer comes from', () => {
  test('are the last three digits of each limit of AT+CIPTIMEOUT (application note, 2.1)', () => {
    const { proof, holds, sent, print } = rig(0.111, 0.222, 0.9999);
    const renewed = observe(proof.renew());
    holds('120000,75500,10000');
    expect(sent).toEqual(['AT+CIPTIMEOUT?\r', 'AT+CIPTIMEOUT=119111,75222,10999\r']);
    print('OK');
    expect(renewed.end).toBe('open');
    holds('119111,75222,10999');
    expect([renewed.end, proof.numbers]).toEqual(['complete', [119_111, 75_222, 10_999]]);
  });

  test.each([
    ['3000,3000,3000', [3_000, 3_000, 3_000], 0],
    ['1000,200000,120000', [3_999, 119_999, 119_999], 0.9999],
  ])('keep the limits in the range of the command: %s', (before, numbers, draw) => {
    const { proof, holds, print } = rig(draw);
    observe(proof.renew());
    holds(before);
    print('OK');
    holds(numbers.join(','));
    expect(proof.numbers).toEqual(numbers);
  });

  test('are drawn again only when the module has others', () => {
    const { proof, holds, sent, print } = rig(0.111);
    observe(proof.renew());
    holds('120000,120000,120000');
    print('OK');
    holds('119111,119111,119111');
    sent.length = 0;
    const again = observe(proof.renew());
    holds('119111,119111,119111');
    expect([again.end, sent]).toEqual(['complete', ['AT+CIPTIMEOUT?\r']]);
    for (const changed of ['5000,119111,119111', '119111,5000,119111', '119111,119111,5000']) {
      sent.length = 0;
      const reset = observe(proof.renew());
      holds(changed);
      expect(sent).toHaveLength(2);
      print('OK');
      holds(changed.replace(/5000/, '5111'));
      expect(reset.end).toBe('complete');
      observe(proof.renew());
      holds('119111,119111,119111');
      print('OK');
      holds('119111,119111,119111');
    }
  });

  test('are not known before they were drawn', () => {
    expect(rig(0).proof.numbers).toEqual([undefined, undefined, undefined]);
  });

  test('count when they were set, also when the answer to that was lost: reading back tells', () => {
    const { proof, holds, print } = rig(0.5);
    const renewed = observe(proof.renew());
    holds('10000,10000,10000');
    print('ERROR');
    holds('10500,10500,10500');
    expect(renewed.end).toBe('complete');
  });

  test('are set three times; a module that does not keep them cannot be used so', () => {
    const { proof, holds, print, sent } = rig(0.5);
    const renewed = observe(proof.renew());
    holds('10000,10000,10000');
    for (let times = 0; times < 3; times++) {
      expect(renewed.end).toBe('open');
      print('OK');
      holds('10000,10000,10000');
    }
    expect(errorOf(renewed)).toEqual(NOT_KEPT);
    expect(errorOf(renewed)?.message).toBe(
      'The module does not keep what AT+CIPTIMEOUT sets, so nothing could show that an answer to +++ is ' +
        "the module's and not the peer's. Use a network without transparent: true.",
    );
    expect(sent.filter((line) => line.includes('='))).toHaveLength(3);
  });

  test('are asked for three times; a module that does not know the command cannot be used so', () => {
    const { proof, print, sent, advance } = rig(0.5);
    const renewed = observe(proof.renew());
    for (let times = 0; times < 3; times++) {
      expect(renewed.end).toBe('open');
      print('ERROR');
      advance(5_000);
    }
    expect(errorOf(renewed)).toEqual(NOT_KEPT);
    expect(sent).toHaveLength(3);
  });

  test.each([
    ['ERROR', ['ERROR']],
    ['an answer that cannot be read', ['+CIPTIMEOUT: 1x0,1,1', 'OK']],
  ])('are asked for again after %s, which may be damage', (_, lines) => {
    const { proof, holds, print, sent } = rig(0.5);
    const renewed = observe(proof.renew());
    print(...lines);
    expect(sent).toHaveLength(2);
    holds('10000,10000,10000');
    print('OK');
    holds('10500,10500,10500');
    expect(renewed.end).toBe('complete');
  });

  test('are asked for again when no answer comes, three times in all', () => {
    const { run, asked, refuse } = laneOfTest();
    const error = new ModemError('TIMEOUT', 'no answer');
    const renewed = observe(new Proof({ run }, () => 0.5).renew());
    for (let times = 1; times <= 3; times++) {
      expect([asked.length, renewed.end]).toEqual([times, 'open']);
      refuse(error);
    }
    expect([asked.length, renewed.end]).toEqual([3, { error }]);
  });

  test('are not asked for again once the modem has ended, and that is the reason', () => {
    const { proof, lane } = rig(0.5);
    const renewed = observe(proof.renew());
    lane.end(new Error('over'));
    expect(errorOf(renewed)?.message).toBe('over');
    const setting = rig(0.5);
    const failed = observe(setting.proof.renew());
    setting.holds('10000,10000,10000');
    setting.lane.end(new Error('over'));
    expect(errorOf(failed)?.message).toBe('over');
  });

  test('an OK alone is another command’s: it answers nothing', () => {
    const { proof, print, sent, holds } = rig(0.5);
    observe(proof.renew());
    print('OK');
    expect(sent).toHaveLength(1);
    holds('10000,10000,10000');
    expect(sent).toHaveLength(2);
  });
});
