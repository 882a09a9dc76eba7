// Tries the properties of every package with random inputs until the time is over, or until Ctrl-C.
//
//   npm run fuzz -- --minutes 30 [--seed 1] [--only WORDS]
//
// WORDS is a part of the name that the report shows, for instance `at-codec: `.
//
// A package takes part if its module test/properties/index.ts exports `properties` (see properties.ts). The smallest
// input that fails is added to test/properties/regressions.json, which the tests replay.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { misused, readOptions } from './options.js';
import {
  encodeInput,
  formatRegressions,
  type Property,
  type PropertyModule,
  type Regression,
  sizeOf,
} from './properties.js';

/** Time in ms for which one property is tried before the next one. */
const TURN = 1_000;
/** Time in ms between two progress lines. */
const PROGRESS = 60_000;

interface Tried {
  readonly property: Property;
  readonly packageName: string;
  readonly regressions: string;
  inputs: number;
  bytes: number;
  failed: boolean;
}

const packages = fileURLToPath(new URL('../packages', import.meta.url));
const USAGE = 'npm run fuzz -- --minutes N [--seed S] [--only WORDS]';
const { minutes, seed, only } = settings();
const all = await findProperties();
const tried = all.filter((each) => nameOf(each).includes(only));
if (tried.length === 0)
  misused(USAGE, `No property has "${only}" in its name. There are:\n${all.map(nameOf).join('\n')}`);

let stopped = false;
process.on('SIGINT', () => {
  stopped = true;
});

const start = Date.now();
const end = start + minutes * 60_000;
let reported = start;
console.log(`${tried.length} properties, ${minutes} minutes, seed ${seed}. Ctrl-C ends it.`);
for (let turn = 0; !stopped && Date.now() < end; turn++) {
  const each = tried[turn % tried.length] as Tried;
  if (tried.every(({ failed }) => failed)) break;
  if (!each.failed) await take(each, seed + turn);
  if (Date.now() - reported > PROGRESS) {
    reported = Date.now();
    console.log(
      `${((reported - start) / 60_000).toFixed(0)} min: ${sum('inputs')} inputs, ${sum('bytes')} bytes`,
    );
  }
}
report();
process.exit(tried.some(({ failed }) => failed) ? 1 : 0);

/** Tries one property with as many inputs as fit into its turn. */
async function take(each: Tried, turnSeed: number): Promise<void> {
  const { property } = each;
  const until = Math.min(Date.now() + TURN, end);
  let shrinking = false;
  const details = fc.check(
    fc.property(property.arbitrary, (input) => {
      if (!shrinking) {
        each.inputs += 1;
        each.bytes += sizeOf(input);
      }
      try {
        property.check(input);
      } catch (error) {
        shrinking = true;
        throw error;
      }
    }),
    { seed: turnSeed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: until - Date.now() },
  );
  if (details.counterexample !== null && details.failed) {
    each.failed = true;
    store(each, details.counterexample[0]);
    console.error(`\nFAILED: ${property.name} (seed ${turnSeed}, path ${details.counterexamplePath})`);
    console.error(fc.stringify(details.counterexample[0]));
    console.error(details.errorInstance);
  }
  // Gives the handler of Ctrl-C a chance to run.
  await new Promise((resolve) => setImmediate(resolve));
}

function store({ property, regressions }: Tried, input: unknown): void {
  const stored = existsSync(regressions)
    ? (JSON.parse(readFileSync(regressions, 'utf8')) as Regression[])
    : [];
  stored.push({ property: property.name, note: '', input: encodeInput(input) });
  writeFileSync(regressions, formatRegressions(stored));
  console.error(`Stored in ${regressions}. Add a note that names the fault, then commit it.`);
}

function report(): void {
  console.log(`\n${'inputs'.padStart(12)} ${'bytes'.padStart(16)}  property`);
  for (const each of tried) {
    const { inputs, bytes, failed } = each;
    const outcome = failed ? '  FAILED' : '';
    console.log(`${String(inputs).padStart(12)} ${String(bytes).padStart(16)}  ${nameOf(each)}${outcome}`);
  }
  const failures = tried.filter(({ failed }) => failed).length;
  const spent = ((Date.now() - start) / 60_000).toFixed(1);
  console.log(
    `${String(sum('inputs')).padStart(12)} ${String(sum('bytes')).padStart(16)}  in ${spent} minutes`,
  );
  console.log(`${tried.length - failures} properties hold, ${failures} failed.`);
}

function sum(what: 'inputs' | 'bytes'): number {
  return tried.reduce((total, each) => total + each[what], 0);
}

async function findProperties(): Promise<Tried[]> {
  const found: Tried[] = [];
  for (const packageName of readdirSync(packages).sort()) {
    const module = join(packages, packageName, 'test/properties/index.ts');
    if (!existsSync(module)) continue;
    const { properties } = (await import(pathToFileURL(module).href)) as PropertyModule;
    const regressions = join(packages, packageName, 'test/properties/regressions.json');
    for (const property of properties) {
      found.push({ property, packageName, regressions, inputs: 0, bytes: 0, failed: false });
    }
  }
  return found;
}

function nameOf({ packageName, property }: Tried): string {
  return `${packageName}: ${property.name}`;
}

function settings(): { readonly minutes: number; readonly seed: number; readonly only: string } {
  const options = readOptions(USAGE, {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string', default: '' },
  });
  const minutes = Number(options.minutes);
  const seed = Number(options.seed);
  if (!(minutes > 0)) misused(USAGE, '--minutes must be a number above 0.');
  if (!Number.isInteger(seed)) misused(USAGE, '--seed must be a whole number.');
  return { minutes, seed, only: options.only };
}
