import { type AtError, a7600, cipRxGet, createDecoder, exchange, type Settled } from '@a7600/at-codec';
import { expect, test } from 'vitest';
import { bytesOf } from '../../test/world.js';
import { joinedJob } from './joined.js';

/** How three reads on one line are settled when the module answers this. */
function outcomes(answer: string): string[] {
  const told = ['nothing', 'nothing', 'nothing'];
  const jobs = told.map((_, link) => ({
    command: cipRxGet.take({ link }),
    settle: (settled: Settled<unknown>) => {
      told[link] = settled.ok ? 'read' : (settled.error as AtError).code;
    },
    skipped: () => {
      told[link] = 'skipped';
    },
  }));
  const joined = joinedJob(jobs);
  const conversation = exchange(joined.command);
  const decoder = createDecoder(a7600, (event) => conversation.offer(event));
  decoder.push(bytesOf(answer));
  if (conversation.settled !== undefined) joined.settle(conversation.settled);
  return told;
}

const block = (link: number) => `\r\n+CIPRXGET: 2,${link},2,0\r\nab\r\n`;

test.each([
  ['all are answered', `${block(0)}${block(1)}${block(2)}\r\nOK\r\n`, ['read', 'read', 'read']],
  ['the first is refused', '\r\n+IP ERROR: No data\r\n\r\nERROR\r\n', ['IP_ERROR', 'skipped', 'skipped']],
  [
    'the second is refused',
    `${block(0)}\r\n+IP ERROR: No data\r\n\r\nERROR\r\n`,
    ['read', 'IP_ERROR', 'skipped'],
  ],
  ['the third is refused', `${block(0)}${block(1)}\r\nERROR\r\n`, ['read', 'read', 'REFUSED']],
])('of several reads on a line, %s', (_, answer, expected) => {
  expect(outcomes(answer)).toEqual(expected);
});
