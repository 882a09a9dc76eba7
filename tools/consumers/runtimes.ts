// Runs the packed packages on Node, Bun and Deno. Usage: npm run runtimes
// Bun and Deno come from the packages of their names.

import { PROGRAMS } from './programs.js';
import { newProject, report } from './project.js';

const VERSIONS = ['bun@1.4.4', 'deno@2.9.6'];
const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  bun: ['run'],
  deno: ['run', '--allow-all', '--node-modules-dir=manual'],
};

const project = newProject('rxjs');
try {
  project.install(...VERSIONS, '--allow-scripts=bun,deno');
  report(
    Object.entries(RUNTIMES).flatMap(([runtime, args]) =>
      Object.entries(PROGRAMS).map(([name, text], index) => [
        `${runtime}: ${name}`,
        () => {
          project.write(`program-${index}.mjs`, text);
          const printed = project.run(runtime, ...args, `program-${index}.mjs`);
          if (printed.trim() !== 'done') throw new Error(`It printed ${JSON.stringify(printed)}.`);
          return '';
        },
      ]),
    ),
  );
} finally {
  project.remove();
}
