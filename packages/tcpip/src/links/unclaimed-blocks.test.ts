import { beforeEach, describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { bytesOf, textOf } from '../../test/world.js';
import { UnclaimedBlocks } from './unclaimed-blocks.js';

const ONE = { host: '1.1.1.1', port: 80 };
const TWO = { host: '2.2.2.2', port: 80 };

let blocks: UnclaimedBlocks;
let advance: (ms: number) => void;
beforeEach(() => {
  const time = virtualTime();
  ({ advance } = time);
  blocks = new UnclaimedBlocks(time.scheduler);
});

function push(text: string, ...of: Parameters<UnclaimedBlocks['of']>): void {
  blocks.push(blocks.of(...of).held, bytesOf(text), 0);
}
const taken = (link: number, remote = ONE) =>
  blocks
    .take({ link, ...remote })
    .map(({ chunks, isWhole }) => `${textOf(chunks.map(({ bytes }) => bytes))} ${isWhole}`);

describe('blocks for a connection that nothing here has', () => {
  test('go to the one that gets the link, once, in order', () => {
    push('one ', 3, ONE);
    push('two', 3, ONE);
    expect([taken(3), taken(3)]).toEqual([['one two true'], []]);
  });

  test('go to none but the one whose peer has sent them', () => {
    push('one', 3, ONE);
    push('two', 3, TWO);
    push('four', 4, ONE);
    expect([taken(3), taken(3, TWO), taken(4)]).toEqual([['one true'], [], ['four true']]);
  });

  test('without a number go by their sender, without a sender by their number (Q-3a)', () => {
    push('by sender', undefined, ONE);
    push('by number', 3, undefined);
    expect([taken(5, TWO), taken(5), taken(3, TWO)]).toEqual([[], ['by sender true'], ['by number true']]);
  });

  test('that are too many are lost, and nothing after them is held', () => {
    push('x'.repeat(65_536), 3, ONE);
    push('y', 4, ONE);
    expect([blocks.isWhole({ link: 3, ...ONE }), blocks.isWhole({ link: 4, ...ONE })]).toEqual([true, false]);
    push('z', 4, ONE);
    expect(taken(4)).toEqual([' false']);
    expect(taken(3)).toEqual([`${'x'.repeat(65_536)} true`]);
    push('y'.repeat(65_536), 4, ONE);
    expect(taken(4)).toEqual([`${'y'.repeat(65_536)} true`]);
  });

  test('that are taken, or forgotten, make room for as many bytes', () => {
    const isHeld = (size: number, link: number) => {
      push('x'.repeat(size), link, ONE);
      return blocks.isWhole({ link, ...ONE });
    };
    expect([isHeld(40_000, 1), isHeld(20_000, 2)]).toEqual([true, true]);
    taken(1);
    expect([isHeld(45_536, 3), isHeld(1, 4)]).toEqual([true, false]);
    blocks.forget(3);
    expect([isHeld(45_537, 5), isHeld(45_536, 6), isHeld(1, 7)]).toEqual([false, true, false]);
  });

  test('are lost after two minutes', () => {
    advance(120_000);
    push('one', 3, ONE);
    advance(119_999);
    expect(blocks.isWhole({ link: 3, ...ONE })).toBe(true);
    advance(1);
    expect([blocks.isWhole({ link: 3, ...ONE }), taken(3)]).toEqual([false, [' false']]);
  });

  test('of more than 32 connections: the oldest are forgotten', () => {
    const from = (port: number) => ({ host: '1.1.1.1', port });
    for (let port = 1; port <= 33; port++) push('x', undefined, from(port));
    expect([taken(3, from(1)), taken(3, from(2)), taken(3, from(33))]).toEqual([[], ['x true'], ['x true']]);
  });

  test('of 32 connections are held', () => {
    for (let link = 1; link <= 32; link++) push('x', link, ONE);
    expect([taken(1), taken(32)]).toEqual([['x true'], ['x true']]);
  });

  test('are forgotten with the connection, or with all', () => {
    push('one', 3, ONE);
    push('one', 4, ONE);
    blocks.forget(3);
    expect(taken(3)).toEqual([]);
    blocks.clear();
    expect(taken(4)).toEqual([]);
  });

  test('are new once', () => {
    expect([blocks.of(3, ONE).isNew, blocks.of(3, { ...ONE }).isNew, blocks.of(3, TWO).isNew]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('are new once without a sender, too, which is none of the senders before', () => {
    expect([blocks.of(3, ONE).isNew, blocks.of(3, undefined).isNew, blocks.of(3, undefined).isNew]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
