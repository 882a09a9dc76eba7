import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answer, Question } from './judge.js';
import type { Mutant } from './mutant.js';

/** How many of a hundred inputs a property tries in the first pass. */
const FEW_INPUTS = '5';
/** A mutant hangs when its tests take so many times as long as without it, and so many ms more. */
const HANGS_FACTOR = 8;
const HANGS_MORE = 8_000;

/** Time in ms for all tests to be loaded and run without a mutant. */
const LOADING = 1_800_000;

/** How a pass ended. */
export interface Pass {
  readonly killed: readonly Mutant[];
  readonly survived: readonly Mutant[];
  /** No test passes through their code. */
  readonly uncovered: readonly Mutant[];
  /** Their code runs once, when a module is loaded: they cannot be switched on afterwards. */
  readonly loading: readonly Mutant[];
}

/** What a pass works with. */
export interface PassOptions {
  /** The folder with the instrumented sources. */
  readonly copy: string;
  readonly tests: readonly string[];
  /** Whether properties try as many inputs as in `npm test`. */
  readonly full: boolean;
}

/** Has `mutants` judged by `tests`, one after the other in one process; one that hangs costs a new process. */
export async function pass(mutants: readonly Mutant[], options: PassOptions): Promise<Pass> {
  const killed: Mutant[] = [];
  const survived: Mutant[] = [];
  let judge = await start(options);
  for (const line of judge.leftOut) console.log(`left out: ${line}`);
  console.log(`${judge.tests} tests are ready.`);
  const loading = mutants.filter(({ id }) => judge.loading.has(id));
  const uncovered = mutants.filter(({ id }) => !judge.covered.has(id) && !judge.loading.has(id));
  const covered = mutants.filter(({ id }) => judge.covered.has(id));
  for (const [index, mutant] of covered.entries()) {
    const verdict = await judge.ask(mutant.id);
    if (verdict === 'hangs') judge = await start(options);
    (verdict === 'survives' ? survived : killed).push(mutant);
    if (verdict !== 'killed' || index % 100 === 99)
      console.log(
        `${index + 1}/${covered.length} ${verdict}: ${mutant.file}:${mutant.line} ${mutant.mutator}`,
      );
  }
  judge.end();
  return { killed, survived, uncovered, loading };
}

/** Has each of `mutants` judged in a process of its own, in which it is in force from the first import on; returns those that survive. */
export async function passAfresh(
  mutants: readonly Mutant[],
  options: PassOptions,
): Promise<readonly Mutant[]> {
  const without = await start(options);
  without.end();
  const survived: Mutant[] = [];
  for (const [index, mutant] of mutants.entries()) {
    const judge = await start(options, mutant.id);
    judge.end();
    const killed = judge.tests < without.tests;
    if (!killed) survived.push(mutant);
    console.log(
      `${index + 1}/${mutants.length} ${killed ? 'killed' : 'survives'}: ${mutant.file}:${mutant.line} ${mutant.mutator}`,
    );
  }
  return survived;
}

interface Judge {
  readonly tests: number;
  readonly leftOut: readonly string[];
  readonly covered: ReadonlySet<string>;
  readonly loading: ReadonlySet<string>;
  ask(mutant: string): Promise<'killed' | 'survives' | 'hangs'>;
  end(): void;
}

/** Starts a process that has loaded the tests, without a mutant or with one in force. */
async function start({ copy, tests, full }: PassOptions, mutant?: string): Promise<Judge> {
  const child = fork('tools/mutation/judge.ts', {
    cwd: copy,
    execArgv: ['--conditions=@a7600/source', '--import', 'tsx', '--import', './tools/mutation/hook.mjs'],
    env: {
      ...process.env,
      // What a mutant meets in the tests of every night.
      A7600_THOROUGH: '1',
      A7600_MUTATION_TESTS: JSON.stringify(tests.map((file) => join(copy, file))),
      ...(full ? {} : { A7600_PROPERTY_PERCENT: FEW_INPUTS }),
      ...(mutant === undefined ? {} : { A7600_MUTANT: mutant }),
    },
  });
  const ready = await next(child, mutant === undefined ? LOADING : LOADING / 10);
  if (ready?.kind !== 'ready') {
    child.kill('SIGKILL');
    if (mutant === undefined) throw new Error('The tests could not be loaded.');
    return {
      tests: 0,
      leftOut: [],
      covered: new Set(),
      loading: new Set(),
      ask: async () => 'hangs',
      end() {},
    };
  }
  return {
    tests: ready.tests,
    leftOut: ready.leftOut,
    covered: new Set(ready.covered),
    loading: new Set(ready.loading),
    async ask(mutant) {
      const question: Question = { mutant };
      child.send(question);
      const begun = await next(child, HANGS_MORE);
      const limit = begun?.kind === 'begun' ? begun.limit : 0;
      const answer = await next(child, limit * HANGS_FACTOR + HANGS_MORE);
      if (answer?.kind === 'judged') return answer.killed ? 'killed' : 'survives';
      child.kill('SIGKILL');
      return 'hangs';
    },
    end: () => child.kill(),
  };
}

/** Returns the next answer; undefined when the process has ended, or none comes within that many ms. */
async function next(child: ChildProcess, within: number): Promise<Answer | undefined> {
  const signal = AbortSignal.timeout(Math.ceil(within));
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  try {
    return await Promise.race([
      once(child, 'message', { signal: either }).then(([answer]) => answer as Answer),
      once(child, 'exit', { signal: either }).then(() => undefined),
    ]);
  } catch {
    return undefined;
  } finally {
    done.abort();
  }
}
