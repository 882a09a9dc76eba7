import { beforeEach, describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { bytesOf, textOf } from '../../test/world.js';
import { PushedBlocks } from './pushed-blocks.js';

/** The blocks of one link, what is taken of them, and how many were cut short. */
function rig() {
  const { scheduler, advance } = virtualTime();
  const taken: [string, number][] = [];
  const state = { isMidFrame: false, cutShort: 0 };
  const blocks = new PushedBlocks({
    scheduler,
    isMidFrame: () => state.isMidFrame,
    take: (chunk, remaining) => taken.push([textOf([chunk]), remaining]),
    onCutShort: () => (state.cutShort += 1),
  });
  const push = (text: string, remaining = 0) => {
    blocks.begins(text.length, remaining);
    blocks.push(bytesOf(text), remaining, undefined);
  };
  return { scheduler, blocks, taken, state, push, advance };
}

let { scheduler, blocks, taken, state, push, advance } = rig();
beforeEach(() => {
  ({ scheduler, blocks, taken, state, push, advance } = rig());
});

const text = () => taken.map(([chunk]) => chunk).join('');

describe('the end of a block that may be a line of the module', () => {
  test.each([
    ['hello', 'hello'],
    ['hello\r\nOK\r\n', 'hello'],
    ['hello\rworld', 'hello\rworld'],
    ['hello\nworld', 'hello\nworld'],
    ['hello\r', 'hello'],
    ['\r\nOK', ''],
    [`${'x'.repeat(20)}\r\n${'y'.repeat(78)}`, 'x'.repeat(20)],
    [`${'x'.repeat(20)}\r\n${'y'.repeat(79)}`, `${'x'.repeat(20)}\r\n${'y'.repeat(79)}`],
  ])('waits, as far as it begins with CR LF in the last 80 bytes: %j', (block, atOnce) => {
    push(block);
    expect(text()).toBe(atOnce);
    advance(99);
    expect(text()).toBe(atOnce);
    advance(1);
    expect(text()).toBe(block);
    expect(scheduler.actions).toEqual([]);
  });

  test('counts the bytes of the block that are still to come', () => {
    push('\r\nab', 90);
    expect(text()).toBe('\r\nab');
    push('c'.repeat(20), 70);
    push('d'.repeat(70));
    expect(text()).toBe(`\r\nab${'c'.repeat(20)}${'d'.repeat(70)}`);
  });

  test('says of each part how many bytes are to come, and holds what follows the held part', () => {
    push('ab\r\n', 3);
    push('cd', 1);
    push('e');
    expect(taken).toEqual([['ab', 5]]);
    advance(100);
    expect(taken).toEqual([
      ['ab', 5],
      ['\r\n', 3],
      ['cd', 1],
      ['e', 0],
    ]);
  });

  test('is not given out while the block is not complete', () => {
    push('ab\r\n', 3);
    advance(10_000);
    expect(text()).toBe('ab');
  });

  test('waits for two minutes at the most while a frame is on its way, and is payload then', () => {
    push('ab\r\n');
    state.isMidFrame = true;
    advance(1_200 * 100);
    expect(text()).toBe('ab');
    advance(100);
    expect(text()).toBe('ab\r\n');
  });

  test('is payload as soon as the frame that followed is whole', () => {
    push('ab\r\n');
    state.isMidFrame = true;
    advance(250);
    state.isMidFrame = false;
    advance(50);
    expect(text()).toBe('ab\r\n');
  });

  test.each(['the next block', 'the end of the link'])('is payload when %s follows', (what) => {
    push('ab\r\n');
    if (what === 'the next block') push('c');
    else blocks.close();
    expect(text()).toBe(what === 'the next block' ? 'ab\r\nc' : 'ab\r\n');
    expect([state.cutShort, scheduler.actions]).toEqual([0, []]);
  });
});

describe('a block of which bytes were lost', () => {
  test.each<[string, () => void]>([
    ['another block begins', () => push('xy', 5)],
    ['a later part of it is too short', () => push('c', 1)],
    ['the module prints something else', () => blocks.abandoned()],
  ])('is cut short when %s, and what was held of it is not given out', (_, next) => {
    push('ab\r\n', 3);
    next();
    expect(state.cutShort).toBe(1);
    expect(taken[0]).toEqual(['ab', 5]);
    expect(text()).not.toContain('\r\n');
    advance(1_000);
    expect(text()).not.toContain('\r\n');
  });

  test('is known as not complete until its last byte has come', () => {
    expect(blocks.isIncomplete).toBe(false);
    push('ab', 1);
    expect(blocks.isIncomplete).toBe(true);
    push('c');
    expect(blocks.isIncomplete).toBe(false);
    blocks.abandoned();
    expect(state.cutShort).toBe(0);
  });

  test('is cut short once, however often it is given up', () => {
    push('ab', 1);
    blocks.abandoned();
    blocks.abandoned();
    push('whole');
    expect([state.cutShort, text()]).toEqual([1, 'abwhole']);
  });
});

test('what is discarded is not given out later', () => {
  push('ab\r\n');
  blocks.discard();
  expect(scheduler.actions).toEqual([]);
  advance(1_000);
  push('c');
  expect(text()).toBe('abc');
});
