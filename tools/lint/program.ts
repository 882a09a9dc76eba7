import { join } from 'node:path';
import ts from 'typescript';
import { readSources } from './source.js';

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
