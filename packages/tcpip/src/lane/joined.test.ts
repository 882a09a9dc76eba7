import { AtError, a7600, cipRxGet, createDecoder, exchange, type Settled } from '@a7600/at-codec';
import { describe, expect, test } from 'vitest';
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

describe('several reads on a line', () => {
  const rig = () => {
    const told: unknown[] = [];
    const jobs = [0, 1].map((link) => ({
      command: cipRxGet.take({ link }),
      settle: (settled: Settled<unknown>) => told.push(settled),
      answered: () => told.push(`answered ${link}`),
    }));
    return { told, joined: joinedJob(jobs) };
  };

  test('are each told what they have read, and when the answer has begun', () => {
    const { told, joined } = rig();
    joined.answered?.();
    joined.settle({ ok: true, value: ['first', 'second'] });
    expect(told).toEqual([
      'answered 0',
      'answered 1',
      { ok: true, value: 'first' },
      { ok: true, value: 'second' },
    ]);
  });

  test('fail alike when the line is not answered: what the module did is unknown', () => {
    const { told, joined } = rig();
    const failed = { ok: false, error: new Error('not answered') } as const;
    joined.settle(failed);
    expect(told).toEqual([failed, failed]);
  });

  test('get the refusal where they cannot be skipped, and need not hear that the answer begins', () => {
    const told: unknown[] = [];
    const job = (link: number) => ({
      command: cipRxGet.take({ link }),
      settle: (settled: unknown) => told.push(settled),
    });
    const joined = joinedJob([job(0), job(1)]);
    joined.answered?.();
    const failed = { ok: false, error: new AtError('REFUSED', 'ERROR') } as const;
    joined.settle(failed);
    expect(told).toEqual([failed, failed]);
  });

  test('are not skipped when the line was not answered', () => {
    let skipped = 0;
    const job = (link: number) => ({
      command: cipRxGet.take({ link }),
      settle: () => {},
      skipped: () => skipped++,
    });
    joinedJob([job(0), job(1)]).settle({ ok: false, error: new Error('not answered') });
    expect(skipped).toBe(0);
    joinedJob([job(0), job(1)]).settle({ ok: false, error: new AtError('REFUSED', 'ERROR') });
    expect(skipped).toBe(1);
  });
});
