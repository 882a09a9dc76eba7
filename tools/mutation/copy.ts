import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Copies the repository, as it stands on disk, to a folder that may be discarded. The mutants are
 * written into the sources themselves, because the packages import each other through links in
 * `node_modules`, which a sandbox would share with the originals.
 *
 * @param root - The repository.
 * @returns The copy. Its `node_modules` is a folder of links; those of the workspaces lead into the copy.
 */
export function copyOf(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'a7600-mutation-'));
  // What is compiled into the sources is ignored by git, and needed all the same.
  const compiled = listed(root, '--ignored', 'packages/*/src/*');
  for (const file of [...listed(root, '--cached'), ...compiled]) {
    if (lstatSync(join(root, file), { throwIfNoEntry: false }) === undefined) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  for (const folder of ['.', ...workspaces(root)]) linkModules(join(root, folder), join(copy, folder));
  return copy;
}

/** Files that git tracks or might track, or those of them that it ignores. */
function listed(root: string, ...which: readonly string[]): string[] {
  const names = execFileSync('git', ['ls-files', '--others', '--exclude-standard', '-z', ...which], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return names.split('\0').filter((name) => name !== '');
}

function workspaces(root: string): string[] {
  return ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name)),
  );
}

function linkModules(from: string, to: string): void {
  const modules = join(from, 'node_modules');
  if (lstatSync(modules, { throwIfNoEntry: false }) === undefined) return;
  for (const name of readdirSync(modules)) {
    const names = name.startsWith('@')
      ? readdirSync(join(modules, name)).map((part) => join(name, part))
      : [name];
    for (const each of names) {
      const original = join(modules, each);
      const isWorkspace = lstatSync(original).isSymbolicLink();
      mkdirSync(dirname(join(to, 'node_modules', each)), { recursive: true });
      // Links of workspaces are relative, and so lead to the copies.
      symlinkSync(isWorkspace ? readlinkSync(original) : original, join(to, 'node_modules', each));
    }
  }
}
