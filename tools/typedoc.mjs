import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the options of a package's API reference: one entry point for each subpath that has a source. Docstrings are
 * checked by `tools/lint/docstrings.ts`, which also looks at parameters, results and errors.
 *
 * @param {string} folder The package's folder.
 */
export function library(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return {
    entryPoints: Object.values(exports)
      .map((conditions) => conditions['@a7600/source'])
      .filter((source) => source !== undefined),
    tsconfig: 'tsconfig.json',
    readme: 'none',
    validation: { notExported: true, invalidLink: true, notDocumented: false },
  };
}
