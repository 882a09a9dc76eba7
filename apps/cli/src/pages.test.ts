import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examples, FLEET, pages, pattern, textOf, words } from '../test/pages.js';
import { program } from '../test/program.js';
import { subcommands } from './commands/index.js';

// Each subcommand has a page, and the examples of the pages print what they say. Those of a fleet need a real server:
// `fleet/pages.system.test.ts` runs them.

// Examples name files of the repository from its root, and write others where they run.
const work = mkdtempSync(join(tmpdir(), 'a7600-pages-'));
const home = process.cwd();
beforeAll(() => {
  symlinkSync(fileURLToPath(new URL('../../../docs', import.meta.url)), join(work, 'docs'));
  process.chdir(work);
});
afterAll(() => {
  process.chdir(home);
  rmSync(work, { recursive: true });
});

test.each(examples.filter(([, command]) => !command.includes(FLEET)))(
  '%s: $ a7600 %s',
  async (_, command, output) => {
    expect((await program(...words(command))).output).toMatch(pattern(output));
  },
);

test.each(subcommands.map(({ name }) => [name]))(
  '%s has a page with an example, and the table names it',
  (name) => {
    const page = `${name.split(' ')[0]}.md`;
    expect(pages).toContain(page);
    expect(textOf('README.md')).toContain(`[\`${name}\`](${page})`);
    expect(textOf(page)).toContain(`$ a7600 ${name}`);
  },
);
