import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the files under `root` that one of the globs names: `**` is any folders, `*` a name, `{a,b}` one of both. */
export function filesOf(root: string, globs: readonly string[]): readonly string[] {
  const patterns = globs.map(patternOf);
  const folders = new Set(globs.map((glob) => glob.split(/[*{]/)[0]?.replace(/[^/]*$/, '') ?? ''));
  const files = [...folders].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => folder + name),
  );
  return [...new Set(files)].filter((file) => patterns.some((pattern) => pattern.test(file))).sort();
}

function patternOf(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/|\*|\{[^}]*\})/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '*') return '[^/]*';
    if (part.startsWith('{')) return `(?:${part.slice(1, -1).replaceAll(',', '|')})`;
    return part.replaceAll(/[.+?^$()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
