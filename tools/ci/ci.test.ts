import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countChecks } from './count.mjs';
import { failuresIn } from './failures.mjs';
import { overBudget, runPlan } from './plan.mjs';

interface Part {
  readonly name: string;
  readonly run: string;
  readonly after?: readonly string[];
}
const root = join(import.meta.dirname, '../..');

const planOf = (...parts: Part[]) => ({
  minutes: 10,
  slots: 2,
  groups: [{ name: 'all', minutes: 4, parts }],
});
const part = (name: string, ...after: string[]): Part => ({ name, run: name, after });

/** Runs a plan whose parts end when the test says so, and notes what happens. */
function observed(plan: ReturnType<typeof planOf>) {
  const events: string[] = [];
  const endings = new Map<string, (verdict: 'passed' | 'failed') => void>();
  const outcomes = runPlan(plan, ({ name }: Part) => {
    events.push(`start ${name}`);
    return new Promise((resolve) => {
      endings.set(name, (verdict) =>
        resolve({ name, verdict, minutes: 1, passed: 1, failed: verdict === 'passed' ? 0 : 1 }),
      );
    });
  });
  const end = async (name: string, verdict: 'passed' | 'failed' = 'passed') => {
    endings.get(name)?.(verdict);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { events, outcomes, end };
}

describe('the plan of the CI run', () => {
  test('starts independent parts side by side, at most as many as there are slots', async () => {
    const { events, outcomes, end } = observed(planOf(part('a'), part('b'), part('c')));
    expect(events).toEqual(['start a', 'start b']);
    await end('b');
    expect(events).toEqual(['start a', 'start b', 'start c']);
    await end('a');
    await end('c');
    expect((await outcomes).map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  });

  test('starts a part only after those before it have passed', async () => {
    const { events, outcomes, end } = observed(planOf(part('a'), part('b', 'a')));
    expect(events).toEqual(['start a']);
    await end('a');
    expect(events).toEqual(['start a', 'start b']);
    await end('b');
    await outcomes;
  });

  test('skips what comes after a failed part, counts it as failed, and runs the rest', async () => {
    const { outcomes, end } = observed(planOf(part('a'), part('b', 'a'), part('c', 'b'), part('d')));
    await end('a', 'failed');
    await end('d');
    expect((await outcomes).map(({ name, verdict, failed }) => [name, verdict, failed])).toEqual([
      ['a', 'failed', 1],
      ['b', 'skipped', 1],
      ['c', 'skipped', 1],
      ['d', 'passed', 0],
    ]);
  });

  test('reports parts that wait for each other', async () => {
    await expect(observed(planOf(part('a', 'b'), part('b', 'a'))).outcomes).rejects.toThrow(/a, b/);
  });

  test('fails a group, or the whole run, that takes longer than its budget', () => {
    const plan = planOf(part('a'), part('b'));
    const took = (minutes: number) =>
      ['a', 'b'].map((name) => ({ name, verdict: 'passed' as const, minutes, passed: 1, failed: 0 }));
    expect(overBudget(plan, took(4), 10)).toEqual([]);
    expect(overBudget(plan, took(4.5), 10)).toEqual(['"all" took 4.5 of 4 minutes.']);
    expect(overBudget(plan, took(1), 10.1)).toEqual(['The run took 10.1 of 10 minutes.']);
  });
});

describe('the number of checks', () => {
  test.each([
    [
      'is the sum of vitest’s summaries',
      '      Tests  12 passed (12)\n      Tests  3 passed (3)\n',
      0,
      15,
      0,
    ],
    ['sees failed tests', '      Tests  1 failed | 11 passed | 1 skipped (13)\n', 1, 11, 1],
    [
      'sees through colours',
      '\x1b[2m      Tests \x1b[22m \x1b[1m\x1b[32m315 passed\x1b[39m\x1b[22m\x1b[90m (315)\x1b[39m',
      0,
      315,
      0,
    ],
    ['is that of the checks of packages', '74 of 76 checks passed.\n', 1, 74, 2],
    ['is one without a summary', 'built\n', 0, 1, 0],
    ['is one failure without a summary', 'cannot\n', 2, 0, 1],
    ['includes a failure that no test reports', '      Tests  12 passed (12)\n', 1, 12, 1],
  ])('%s', (_, output, exitCode, passed, failed) => {
    expect(countChecks(output, exitCode)).toEqual({ passed, failed });
  });
});

describe('what a failed part repeats at the end', () => {
  const failure = (name: string) => [
    ` FAIL  tools  a.test.ts > ${name}`,
    'AssertionError: expected 1 to be 2',
  ];

  test('is each failed test with the start of its error, without colours', () => {
    const noise = Array.from({ length: 40 }, (_, at) => `line ${at}`);
    const output = [...noise, ...failure('one'), ...failure('two'), ...noise].join('\n');
    expect(failuresIn(`\x1b[31m${output}\x1b[39m`)).toEqual([
      ...failure('one'),
      ...failure('two'),
      ...noise.slice(0, 13),
    ]);
  });

  test('is the last lines of a command that names no test', () => {
    const lines = Array.from({ length: 100 }, (_, at) => `line ${at}`);
    expect(failuresIn(`${lines.join('\n')}\n`)).toEqual(lines.slice(-30));
  });
});

describe('.ci/parts.json', () => {
  const plan = JSON.parse(readFileSync(join(root, '.ci/parts.json'), 'utf8')) as {
    minutes: number;
    groups: { minutes: number; parts: Part[] }[];
  };

  test('gives each group its share of the minutes of the run', () => {
    expect(plan.groups.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(plan.minutes);
  });

  test('runs only commands that README.md or CONTRIBUTING.md names', () => {
    const pages = ['README.md', 'CONTRIBUTING.md']
      .map((page) => readFileSync(join(root, page), 'utf8'))
      .join();
    for (const { run } of plan.groups.flatMap(({ parts }) => parts))
      expect(pages).toContain(run.split(' -- --built')[0]);
  });
});
