// Runs in a copy of the sources with all mutants in them, as a child of `run.ts`: loads the tests, notes which mutants
// each of them passes through, then answers for one mutant after the other whether a test notices it.
import { pathToFileURL } from 'node:url';
import { type CollectedTest, collect, finishTest, type Suite } from './stand-in.js';

/** What the parent asks for. */
export interface Question {
  readonly mutant: string;
}

/** What the parent is told. */
export type Answer =
  | {
      readonly kind: 'ready';
      readonly tests: number;
      /** Files that use what the stand-in has not, and tests that fail without a mutant. */
      readonly leftOut: readonly string[];
      /** Mutants that a test passes through. */
      readonly covered: readonly string[];
      /** Mutants whose code runs when modules are loaded, and in no test. */
      readonly loading: readonly string[];
    }
  | { readonly kind: 'begun'; readonly limit: number }
  | { readonly kind: 'judged'; readonly killed: boolean; readonly by: string };

interface Measured extends CollectedTest {
  readonly file: string;
  readonly covered: ReadonlySet<string>;
  readonly time: number;
  readonly visits: number;
}

/** A test with a mutant may visit mutants so many times more often than without, and so many more. */
const VISITS_FACTOR = 30;
const VISITS_MORE = 200_000;
/** Tests that take longer in ms are not run for each mutant. */
const LONGEST = 3_000;
/** Time in ms in which a test that waits for something has to end. */
const TEST_TIME = 5_000;

const { A7600_MUTANT, A7600_MUTATION_TESTS = '[]' } = process.env;

const mutation: { active: string | undefined; visit(ids: readonly string[]): void } = {
  active: A7600_MUTANT,
  visit(ids) {
    visits += 1;
    if (visits > limit) throw new Error('too many steps: the mutant never ends');
    for (const id of ids) covered.add(id);
  },
};
(globalThis as { mutation?: typeof mutation }).mutation = mutation;
let visits = 0;
let limit = Number.POSITIVE_INFINITY;
let covered = new Set<string>();
/** An error that no test could catch, as of a subscriber. */
let uncaught: unknown;
process.on('uncaughtException', (error) => {
  uncaught = error;
});
process.on('unhandledRejection', (error) => {
  uncaught = error;
});

const suitesOf = (suite: Suite | undefined): readonly Suite[] =>
  suite === undefined ? [] : [...suitesOf(suite.parent), suite];
const begun = new Set<Suite>();

async function runTest({ suite, run }: CollectedTest): Promise<void> {
  const suites = suitesOf(suite);
  for (const each of suites) {
    if (begun.has(each)) continue;
    begun.add(each);
    for (const hook of each.hooks.beforeAll) await hook();
  }
  for (const { hooks } of suites) for (const hook of hooks.beforeEach) await hook();
  try {
    await run();
  } finally {
    for (const { hooks } of [...suites].reverse()) for (const hook of hooks.afterEach) await hook();
    await finishTest();
  }
}

async function endSuites(): Promise<void> {
  for (const { hooks } of [...begun].reverse()) for (const hook of hooks.afterAll) await hook();
  begun.clear();
}

/** Runs a test and returns its error, if it fails. */
async function failureOf(test: CollectedTest): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('not done in time')), TEST_TIME);
  });
  try {
    const running = runTest(test);
    running.catch(() => {});
    await Promise.race([running, late]);
    return uncaught;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(timer);
    uncaught = undefined;
  }
}

/** Errors of subscribers are thrown a turn later. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 2));

async function measure(file: string, test: CollectedTest): Promise<Measured | undefined> {
  covered = new Set();
  visits = 0;
  const start = performance.now();
  const error = await failureOf(test);
  const time = performance.now() - start;
  if (error !== undefined) {
    leftOut.push(`${file}: ${test.name}: ${String(error).slice(0, 200)}`);
    return undefined;
  }
  return { ...test, file, covered, time, visits };
}

const leftOut: string[] = [];
/** Mutants whose code runs when a module is loaded. */
const loading = new Set<string>();

async function load(files: readonly string[]): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  for (const file of files) {
    try {
      covered = loading;
      const tests = await collect(() => import(pathToFileURL(file).href));
      for (const test of tests) {
        const measured = await measure(file, test);
        if (measured !== undefined) all.push(measured);
      }
    } catch (error) {
      leftOut.push(`${file}: ${String(error).slice(0, 200)}`);
    }
    await endSuites();
  }
  await turn();
  uncaught = undefined;
  // Those that take longest run last.
  return all.filter(({ time }) => time < LONGEST).sort((one, other) => one.time - other.time);
}

async function judge(tests: readonly Measured[], mutant: string): Promise<string | undefined> {
  mutation.active = mutant;
  try {
    for (const test of tests) {
      visits = 0;
      limit = test.visits * VISITS_FACTOR + VISITS_MORE;
      const error = await failureOf(test);
      if (error !== undefined) return `${test.file}: ${test.name}`;
    }
    await turn();
    return uncaught === undefined ? undefined : 'an error that nothing caught';
  } finally {
    limit = Number.POSITIVE_INFINITY;
    await endSuites().catch(() => {});
    mutation.active = undefined;
    uncaught = undefined;
  }
}

const tell = (answer: Answer) => process.send?.(answer);
const tests = await load(JSON.parse(A7600_MUTATION_TESTS) as string[]);
const coveredByTests = new Set(tests.flatMap((test) => [...test.covered]));
tell({
  kind: 'ready',
  tests: tests.length,
  leftOut,
  covered: [...coveredByTests],
  loading: [...loading].filter((mutant) => !coveredByTests.has(mutant)),
});
process.on('message', async ({ mutant }: Question) => {
  const covering = tests.filter((test) => test.covered.has(mutant));
  tell({ kind: 'begun', limit: covering.reduce((sum, { time }) => sum + time, 0) });
  const by = await judge(covering, mutant);
  tell({ kind: 'judged', killed: by !== undefined, by: by ?? '' });
});
