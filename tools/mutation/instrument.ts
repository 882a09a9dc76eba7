import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { filesOf } from './files.js';
import { indexOf, type Mutant } from './mutant.js';

/**
 * The functions that the instrumented sources call; see `judge.ts`. Of all mutants in a source, the one that
 * `active` names is in force.
 */
const HEADER =
  'const stryMutAct_9fa48 = (id) => globalThis.mutation?.active === id;' +
  'const stryCov_9fa48 = (...ids) => globalThis.mutation?.visit(ids);\n';

const logger = new Proxy({}, { get: () => () => false }) as never;

/** Writes all mutants into the sources of `copy` that `globs` name, each with a switch of its own, and returns them. */
export async function instrument(copy: string, globs: readonly string[]): Promise<readonly Mutant[]> {
  const files = filesOf(copy, globs).filter((file) => !file.endsWith('.test.ts'));
  const instrumenter = new Instrumenter(logger);
  const all: Mutant[] = [];
  for (const file of files) {
    const path = join(copy, file);
    const source = readFileSync(path, 'utf8');
    const result = await instrumenter.instrument([{ name: file, mutate: true, content: source }], {
      plugins: null,
      excludedMutations: [],
      ignorers: [],
      noHeader: true,
    });
    const offset = all.length;
    // Each source counts its mutants from 0.
    const content = result.files[0]?.content.replaceAll(
      /(stryMutAct_9fa48|stryCov_9fa48)\(([^)]*)\)/g,
      (_, name: string, ids: string) =>
        `${name}(${ids.replaceAll(/\d+/g, (id) => String(Number(id) + offset))})`,
    );
    writeFileSync(path, HEADER + content);
    for (const { id, mutatorName, replacement, location } of result.mutants) {
      // Lines and columns count from 0 here.
      const [start, end] = [location.start, location.end].map(({ line, column }) =>
        indexOf(source, { line: line + 1, column: column + 1 }),
      ) as [number, number];
      all.push({
        id: String(Number(id) + offset),
        file,
        mutator: mutatorName,
        line: location.start.line + 1,
        context: (source.split('\n')[location.start.line] ?? '').trim(),
        original: source.slice(start, end),
        replacement,
        start,
        end,
      });
    }
  }
  return all;
}
