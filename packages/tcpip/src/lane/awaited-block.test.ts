import { cipRxGet, csq } from '@a7600/at-codec';
import { expect, test } from 'vitest';
import { startedLane } from '../../test/lane-rig.js';

test.each([
  [2, () => cipRxGet.take({ link: 1 })],
  [3, () => cipRxGet.takeHex({ link: 1 })],
] as const)('a block is awaited from when AT+CIPRXGET=%i is sent until its header comes', (mode, read) => {
  const { lane, raw } = startedLane();
  expect(lane.awaitsBlock).toBe(false);
  lane.run<unknown>(read()).subscribe();
  expect(lane.awaitsBlock).toBe(true);
  raw(`\r\n+CIPRXGET: ${mode},1,1,0\r\n`);
  expect(lane.awaitsBlock).toBe(false);
});

test('no block is awaited of another command', () => {
  const { lane } = startedLane();
  lane.run(csq()).subscribe();
  expect(lane.awaitsBlock).toBe(false);
});

test('a notification is no block that came too late: the OK after it belongs to nothing', () => {
  const { print, unclaimed } = startedLane();
  unclaimed.length = 0;
  print('+CIPRXGET: 1,1', 'OK');
  expect(unclaimed).toHaveLength(2);
});
