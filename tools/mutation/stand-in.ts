// Stands in for vitest where mutants are judged: it collects the tests of the files that are loaded, and a judge
// runs those that it wants, as often as it wants, in one process. A run of vitest takes a second, and a test a
// millisecond. Only what the tests of the areas use is there; a file that uses more is left out, and named.
import {
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';

type Work = (...args: readonly unknown[]) => unknown;
type Hook = 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll';

/** A `describe`, or a file. */
export interface Suite {
  readonly parent: Suite | undefined;
  readonly hooks: Readonly<Record<Hook, (() => unknown)[]>>;
}

/** A test that was collected. */
export interface CollectedTest {
  readonly name: string;
  readonly suite: Suite;
  readonly run: () => unknown;
}

const newSuite = (parent?: Suite): Suite => ({
  parent,
  hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] },
});

let suite = newSuite();
let collected: CollectedTest[] = [];
const finishing: (() => unknown)[] = [];

/** Loads a file and returns its tests. */
export async function collect(load: () => Promise<unknown>): Promise<readonly CollectedTest[]> {
  suite = newSuite();
  collected = [];
  await load();
  return collected;
}

/** Calls the work of a test that was registered with `onTestFinished`. */
export async function finishTest(): Promise<void> {
  for (const finish of finishing.splice(0)) await finish();
}

const named = (name: unknown, row: readonly unknown[]) => `${String(name)} ${row.map(String).join(' ')}`;
/** `(name, work)` or, as vitest allows, `(name, options, work)`. */
const workOf = (args: readonly unknown[]) => args.find((arg) => typeof arg === 'function') as Work;
const rowOf = (row: unknown): readonly unknown[] => (Array.isArray(row) ? row : [row]);

function add(name: unknown, row: readonly unknown[], work: Work): void {
  collected.push({ name: named(name, row), suite, run: () => work(...row) });
}

function nest(work: Work, row: readonly unknown[]): void {
  const outer = suite;
  suite = newSuite(outer);
  work(...row);
  suite = outer;
}

const nothing = () => {};

export const describe = Object.assign(
  (_name: unknown, ...args: readonly unknown[]) => nest(workOf(args), []),
  {
    each:
      (table: readonly unknown[]) =>
      (_name: unknown, ...args: readonly unknown[]) => {
        for (const row of table) nest(workOf(args), rowOf(row));
      },
    skip: nothing,
  },
);
export const test = Object.assign(
  (name: unknown, ...args: readonly unknown[]) => add(name, [], workOf(args)),
  {
    each:
      (table: readonly unknown[]) =>
      (name: unknown, ...args: readonly unknown[]) => {
        for (const row of table) add(name, rowOf(row), workOf(args));
      },
    runIf: (condition: unknown): Work => (condition ? test : nothing) as Work,
    skipIf: (condition: unknown): Work => (condition ? nothing : test) as Work,
    skip: nothing,
    todo: nothing,
  },
);
export const it = test;

const hook = (kind: Hook) => (work: () => unknown) => {
  suite.hooks[kind].push(work);
};
export const beforeAll = hook('beforeAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');
export const afterAll = hook('afterAll');
export const onTestFinished = (work: () => unknown) => {
  finishing.push(work);
};
/** Types are checked elsewhere. */
export const expectTypeOf = (): unknown => new Proxy(() => {}, { get: expectTypeOf, apply: expectTypeOf });

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
export const { expect } = chai;
(globalThis as Record<symbol, unknown>)[GLOBAL_EXPECT] = expect;
setState({}, expect as never);
(expect as unknown as { extend(expect: unknown, matchers: object): void }).extend(expect, customMatchers);
