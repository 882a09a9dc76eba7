import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type ts from 'typescript';
import { type Exported, exportsOf, reportOf } from './report.js';

/** An entry of a package, and its report. */
export interface EntryReport {
  /** As it is imported: `@a7600/tcpip/node`. */
  readonly name: string;
  /** Relative to the root of the repository. */
  readonly source: string;
  readonly exported: readonly Exported[];
  /** Where the report is committed, relative to the root of the repository. */
  readonly file: string;
  readonly report: string;
}

/**
 * Returns the reports of a package's entries.
 *
 * @param root The folder of the repository.
 * @param folder The package's folder, relative to `root`.
 * @param program Has the sources of the package.
 */
export function entryReports(root: string, folder: string, program: ts.Program): EntryReport[] {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, { readonly '@a7600/source'?: string } | string>>;
  };
  return Object.entries(manifest.exports).flatMap(([path, conditions]) => {
    const relative = typeof conditions === 'string' ? undefined : conditions['@a7600/source'];
    const source = relative && join(folder, relative);
    const tree = source && program.getSourceFile(join(root, source));
    if (!tree) return [];
    const name = `${manifest.name}${path.slice(1)}`;
    const exported = exportsOf(tree, program.getTypeChecker());
    const file = join(folder, 'api', `${path === '.' ? 'index' : path.slice(2).replaceAll('/', '-')}.api.md`);
    return [{ name, source, exported, file, report: reportOf(name, exported) }];
  });
}

/** Returns whether the committed report of an entry is the current one. */
export function isCurrent(root: string, { file, report }: EntryReport): boolean {
  return existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8') === report;
}
