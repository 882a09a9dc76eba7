import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { readSources, type Source, sourceOf } from './source.js';

/**
 * Compiles the sources of a project, tests excluded.
 *
 * @param root The folder of the repository.
 * @param folder The project's folder, relative to `root`.
 */
export function programOf(root: string, folder: string): ts.Program {
  const { config } = ts.readConfigFile(join(root, folder, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, folder));
  return ts.createProgram(
    readSources(root, folder).map(({ path }) => join(root, path)),
    options,
  );
}

/** The sources that a package's exports name, without their text. */
export function entrySources(root: string, folder: string): Source[] {
  const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly '@a7600/source'?: string } | string>>;
  };
  return Object.values(exports).flatMap((conditions) => {
    const path = typeof conditions === 'string' ? undefined : conditions['@a7600/source'];
    return path === undefined ? [] : [sourceOf(`${folder}/${path.replace('./', '')}`, '')];
  });
}
