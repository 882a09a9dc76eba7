import { describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { bytesOf } from '../../test/world.js';
import { StrayPrompt } from './stray-prompt.js';

/** How many prompts are seen when that comes, and is no whole frame; then the time passes. */
function seen(...chunks: readonly (string | number)[]): number {
  const { scheduler, advance } = virtualTime();
  let count = 0;
  let undecoded = 0;
  const prompts = new StrayPrompt(scheduler, () => {
    count += 1;
  });
  for (const chunk of [...chunks, 10_000]) {
    if (typeof chunk === 'number') advance(chunk);
    else {
      undecoded += chunk.length;
      prompts.heard(bytesOf(chunk), undecoded);
    }
  }
  return count;
}

describe('a prompt', () => {
  test.each<[string, readonly (string | number)[]]>([
    ['without a blank', ['\r\n>']],
    ['with one', ['\r\n> ']],
    ['alone', ['>']],
    ['byte by byte', ['\r', 100, '\n', 400, '>', 400, ' ']],
  ])('is seen %s', (_, chunks) => {
    expect(seen(...chunks)).toBe(1);
  });

  test.each<[string, readonly (string | number)[]]>([
    ['a line that begins like one (Q-37)', ['\r\n>', 499, ' is no prompt']],
    ['the beginning of another line', ['\r\n', 10]],
    ['a > within a line', ['\r\nab>']],
    ['a prompt after much else', ['\r\n\r\n\r\n\r\n>']],
  ])('is not %s', (_, chunks) => {
    expect(seen(...chunks)).toBe(0);
  });

  test('is none when a frame covers the bytes, as in a block of received data', () => {
    const { scheduler, advance } = virtualTime();
    const prompts = new StrayPrompt(scheduler, () => expect.unreachable());
    prompts.heard(bytesOf('abc\r\n>'), 0);
    prompts.heard(bytesOf('\r\n>'), 3);
    prompts.stop();
    advance(10_000);
    expect(scheduler.actions).toEqual([]);
  });
});
