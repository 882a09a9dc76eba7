import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const left = JSON.parse(readFileSync(new URL('lint/left.json', import.meta.url), 'utf8'));

/**
 * Returns the options of a package's API reference: one entry point for each subpath that has a source. Docstrings
 * are demanded of the packages of which lint demands them.
 *
 * @param {string} folder The package's folder.
 */
export function library(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const notDocumented = !left.docstrings.includes(`packages/${basename(folder)}`);
  return {
    entryPoints: Object.values(exports)
      .map((conditions) => conditions['@a7600/source'])
      .filter((source) => source !== undefined),
    tsconfig: 'tsconfig.json',
    readme: 'none',
    validation: { notExported: true, invalidLink: true, notDocumented },
  };
}
