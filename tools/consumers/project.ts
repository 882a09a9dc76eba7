import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A new project with the packed packages. */
export interface Project {
  readonly folder: string;
  /** Writes a file of the project. */
  write(name: string, text: string): void;
  read(name: string): string;
  /** Runs a file of it on this Node, and returns what it printed. Throws its output if it fails. */
  node(name: string): string;
  /** Runs a program that is installed in it, and returns what it printed. Throws its output if it fails. */
  run(program: string, ...args: string[]): string;
  /** Installs further packages: `name@version`. */
  install(...packages: string[]): void;
  remove(): void;
}

/** Installs what `npm run tarballs` has packed in a new project. */
export function newProject(...libraries: string[]): Project {
  const folder = mkdtempSync(join(tmpdir(), 'a7600-consumer-'));
  const tarballs = readdirSync(join(root, 'tarballs')).map((name) => join(root, 'tarballs', name));
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const install = (...packages: string[]) => {
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', ...packages], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  install(...tarballs, ...libraries.map((name) => `${name}@${devDependencies[name]}`));
  return {
    folder,
    write(name, text) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    node: (name) =>
      execFileSync(process.execPath, [name], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 60_000,
      }),
    run: (program, ...args) =>
      execFileSync(join(folder, 'node_modules', '.bin', program), args, {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 120_000,
      }),
    install,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs checks, prints how they went, and sets the exit code. */
export function report(checks: readonly (readonly [name: string, check: () => string])[]): void {
  let passed = 0;
  for (const [name, check] of checks) {
    try {
      const note = check();
      passed += 1;
      console.log(`ok    ${name}${note === '' ? '' : `: ${note}`}`);
    } catch (error) {
      const { stderr, message } = error as Error & { readonly stderr?: string };
      console.log(`FAIL  ${name}\n${stderr || message}`);
    }
  }
  console.log(`${passed} of ${checks.length} checks passed.`);
  if (passed < checks.length) process.exitCode = 1;
}
