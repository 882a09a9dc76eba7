// Runs the packed packages on Bun and Deno. Usage: npm run runtimes
// Bun and Deno come from the packages of their names. Needs Linux on x64.

import { join } from 'node:path';
import { PROGRAMS } from './programs.js';
import { newProject, report } from './project.js';

const VERSIONS = ['@oven/bun-linux-x64-baseline@1.4.4', 'deno@2.9.6'];
/** The programs of their packages for this platform, whose install scripts do not run, and their arguments. */
const RUNTIMES: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  bun: ['@oven/bun-linux-x64-baseline/bin/bun', 'run'],
  deno: ['@deno/linux-x64-glibc/deno', 'run', '--allow-all', '--node-modules-dir=manual'],
};

const project = newProject('rxjs');
try {
  project.install(...VERSIONS);
  report(
    Object.entries(RUNTIMES).flatMap(([runtime, [program, ...args]]) =>
      Object.entries(PROGRAMS).map(([name, text], index) => [
        `${runtime}: ${name}`,
        () => {
          project.write(`program-${index}.mjs`, text);
          const printed = project.run(join('..', program), ...args, `program-${index}.mjs`);
          if (printed.trim() !== 'done') throw new Error(`It printed ${JSON.stringify(printed)}.`);
          return '';
        },
      ]),
    ),
  );
} finally {
  project.remove();
}
