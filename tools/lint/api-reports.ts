import { type EntryReport, isCurrent } from '../api/entries.js';
import type { Violation } from './source.js';

/** Entries whose committed report is out of date, and those that do not state how stable they are. */
export function apiReports(root: string, entries: readonly EntryReport[]): Violation[] {
  return entries.flatMap((entry) => {
    const untagged = entry.exported.filter(({ tag }) => tag === undefined).length;
    const tags =
      'state @public, @experimental or @internal in a comment with @packageDocumentation, or at each export';
    return [
      ...(isCurrent(root, entry)
        ? []
        : [{ path: entry.file, line: 1, message: `is not what ${entry.name} exports: run npm run api` }]),
      ...(untagged === 0
        ? []
        : [{ path: entry.source, line: 1, message: `${untagged} exports have no release tag: ${tags}` }]),
    ];
  });
}
