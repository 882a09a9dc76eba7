import { importsOf, resolveImport, type Source, type Violation } from './source.js';

/**
 * Circles of imports, imports of types included: one violation for each group of sources of which every one
 * reaches every other. It names the shortest circle through the first of them.
 */
export function cycles(sources: readonly Source[]): Violation[] {
  const paths = new Set(sources.map(({ path }) => path));
  const imports = new Map(
    sources.map((source) => {
      const targets = importsOf(source)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => resolveImport(source.path, specifier));
      return [source.path, [...new Set(targets)].filter((target) => paths.has(target))] as const;
    }),
  );
  const reported = new Set<string>();
  return [...paths].flatMap((path) => {
    const circle = reported.has(path) ? undefined : shortestCircle(path, imports);
    if (circle === undefined) return [];
    const group = [...paths].filter(
      (other) => reaches(path, other, imports) && reaches(other, path, imports),
    );
    for (const member of group) reported.add(member);
    const size = group.length > circle.length ? ` (${group.length} sources are part of it)` : '';
    const message = `imports go round in a circle${size}: ${[...circle, path].join(' → ')}`;
    return [{ path, line: 1, message }];
  });
}

type Imports = ReadonlyMap<string, readonly string[]>;

/** The sources of the shortest way from a source back to itself, that source first. */
function shortestCircle(start: string, imports: Imports): string[] | undefined {
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of imports.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way;
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

function reaches(from: string, to: string, imports: Imports): boolean {
  const seen = new Set([from]);
  for (const path of seen) {
    for (const next of imports.get(path) ?? []) {
      if (next === to) return true;
      seen.add(next);
    }
  }
  return false;
}
