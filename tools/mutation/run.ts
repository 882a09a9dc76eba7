import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { indexOf, type Mutant, mutated, type Position } from './mutant.js';

/** How many inputs a property tries in the first passes: the mutated code is several times slower. */
const FEW_RUNS = '8';
/** The time in ms after which a run of all tests at full strength is taken to hang. */
const HANGS = 600_000;
const CONFIG = 'vitest.mutation.config.ts';

interface Report {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string;
        readonly mutants: readonly {
          readonly mutatorName: string;
          readonly replacement: string;
          readonly status: string;
          readonly location: { readonly start: Position; readonly end: Position };
        }[];
      }
    >
  >;
}

/** How a pass ended. */
export interface Pass {
  readonly killed: number;
  readonly survived: readonly Mutant[];
  /** Mutants that no test can judge: their code runs once, when a module is loaded. */
  readonly ignored: number;
}

/** Runs Stryker in `copy` on the mutants in `mutate`, judged by `tests`. */
export function pass(copy: string, mutate: readonly string[], tests: readonly string[]): Pass {
  configureTests(copy, tests);
  const config = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: CONFIG, related: false },
    mutate: [...mutate, '!**/*.test.ts'],
    inPlace: true,
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    concurrency: 1,
    timeoutMS: 5_000,
    timeoutFactor: 2,
    disableTypeChecks: false,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: 'mutation.json' },
  };
  writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(config));
  const { status } = spawnSync('npx', ['stryker', 'run'], {
    cwd: copy,
    stdio: 'inherit',
    env: { ...process.env, A7600_PROPERTY_RUNS: FEW_RUNS },
  });
  if (status !== 0) throw new Error(`stryker run ended with ${status}.`);
  return read(JSON.parse(readFileSync(join(copy, 'mutation.json'), 'utf8')) as Report, copy);
}

function read({ files }: Report, copy: string): Pass {
  let killed = 0;
  let ignored = 0;
  const survived: Mutant[] = [];
  for (const [name, { source, mutants }] of Object.entries(files)) {
    const file = relative(copy, join(copy, name));
    for (const { status, location, mutatorName, replacement } of mutants) {
      if (status === 'Killed' || status === 'Timeout' || status === 'RuntimeError') killed += 1;
      else if (status !== 'Survived' && status !== 'NoCoverage') ignored += 1;
      else {
        const [start, end] = [indexOf(source, location.start), indexOf(source, location.end)];
        survived.push({
          file,
          mutator: mutatorName,
          line: location.start.line,
          context: (source.split('\n')[location.start.line - 1] ?? '').trim(),
          original: source.slice(start, end),
          replacement,
          start,
          end,
        });
      }
    }
  }
  return { killed, survived, ignored };
}

/** Writes each mutant into its source and runs `tests` at full strength; returns those that survive. */
export function confirm(copy: string, mutants: readonly Mutant[], tests: readonly string[]): Mutant[] {
  configureTests(copy, tests);
  return mutants.filter((mutant, index) => {
    const path = join(copy, mutant.file);
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, mutated(source, mutant));
    const { status } = spawnSync('npx', ['vitest', 'run', '-c', CONFIG, '--bail', '1', '--reporter', 'dot'], {
      cwd: copy,
      stdio: 'ignore',
      timeout: HANGS,
    });
    writeFileSync(path, source);
    const survives = status === 0;
    console.log(
      `${index + 1}/${mutants.length} ${survives ? 'survives' : 'killed'}: ${mutant.file}:${mutant.line} ${mutant.mutator}`,
    );
    return survives;
  });
}

/** Quick files run first, so that most mutants die early; properties run last. */
function configureTests(copy: string, tests: readonly string[]): void {
  writeFileSync(
    join(copy, CONFIG),
    `import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

class QuickFirst extends BaseSequencer {
  override async sort(files) {
    const rank = ({ moduleId }) => (moduleId.includes('property') ? 1 : 0);
    return [...files].sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  ssr: { resolve: { conditions: ['@a7600/source', ...defaultServerConditions] } },
  test: {
    include: ${JSON.stringify(tests)},
    exclude: ['**/node_modules/**', '**/*.system.test.ts', '**/readme.test.ts'],
    isolate: false,
    fileParallelism: false,
    testTimeout: 60_000,
    sequence: { sequencer: QuickFirst },
  },
});
`,
  );
}
