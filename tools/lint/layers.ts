import { layers } from '../boundaries.mjs';
import { importsOf, resolveImport, type Source, type Violation, violationAt } from './source.js';

/** Imports between the layers of a package that do not go down. */
export function layering(sources: readonly Source[], all: Layers = layers): Violation[] {
  return sources.flatMap((source) => {
    const [base, folders] = Object.entries(all).find(([path]) => source.path.startsWith(`${path}/`)) ?? [];
    if (base === undefined || folders === undefined || source.path === `${base}/index.ts`) return [];
    const own = levelOf(source.path, base, folders);
    if (own === undefined) {
      const message = `${source.path} has no place in the layers of ${base}: add it to tools/boundaries.mjs`;
      return [violationAt(source, source.tree, message)];
    }
    return importsOf(source).flatMap(({ node, specifier }) => {
      if (!specifier.startsWith('.')) return [];
      const target = levelOf(resolveImport(source.path, specifier), base, folders);
      if (target === undefined || target <= own) return [];
      const message = `${folders[own]} may not import from ${folders[target]}, which is above it: see the layers in tools/boundaries.mjs`;
      return [violationAt(source, node, message)];
    });
  });
}

/** Folders of the layers in which no file begins with a docstring that says what the folder is for (`@module`). */
export function folderDocstrings(sources: readonly Source[], all: Layers = layers): Violation[] {
  return Object.entries(all).flatMap(([base, folders]) =>
    folders.flatMap((folder) => {
      const inside = sources.filter(({ path }) => path.startsWith(`${base}/${folder}/`));
      const [first] = inside;
      if (first === undefined || inside.some(({ text }) => /^\/\*\*(?:(?!\*\/)[\s\S])*@module/.test(text)))
        return [];
      const message = `nothing says what ${folder} is for: begin its main file with a docstring with @module`;
      return [{ path: first.path, line: 1, message }];
    }),
  );
}

/** For each package, its folders and files from the lowest to the highest. */
export type Layers = Readonly<Record<string, readonly string[]>>;

/** The layer of a source: that of the longest entry which is its path or a folder of it. */
function levelOf(path: string, base: string, folders: readonly string[]): number | undefined {
  const inside = path.slice(base.length + 1);
  const fitting = folders
    .map((folder, level) => ({ folder, level }))
    .filter(({ folder }) => inside === folder || inside.startsWith(`${folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length);
  return fitting[0]?.level;
}
