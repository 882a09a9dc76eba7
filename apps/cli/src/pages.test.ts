import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { program } from '../test/program.js';
import { subcommands } from './commands/index.js';

// Each subcommand has a page, and the examples of the pages print what they say.

const folder = fileURLToPath(new URL('../../../docs/program/', import.meta.url));
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
const textOf = (page: string) => readFileSync(folder + page, 'utf8');

/** The examples of a page: a command line after `$ a7600`, and the output below it. */
function examplesOf(page: string): [command: string, output: string][] {
  const blocks = [...textOf(page).matchAll(/^```console\n(.*?)^```/gms)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ a7600 /m)
      .slice(1)
      .map((example): [string, string] => {
        const end = example.indexOf('\n');
        return [example.slice(0, end), example.slice(end + 1)];
      }),
  );
}

/** Splits a command line as a shell does, with single quotes. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

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

/** What an example may leave open: `…` stands for any text on its line, alone on a line for any lines. */
function pattern(output: string): RegExp {
  const escaped = output
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/^…$/gm, '[^]*')
    .replaceAll('…', '.*');
  return new RegExp(`^${escaped}$`);
}

const examples = pages.flatMap((page) => examplesOf(page).map((example) => [page, ...example] as const));

test.each(examples)('%s: $ a7600 %s', async (_, command, output) => {
  expect((await program(...words(command))).output).toMatch(pattern(output));
});

test.each(subcommands.map(({ name }) => [name]))(
  '%s has a page with an example, and the table names it',
  (name) => {
    expect(pages).toContain(`${name}.md`);
    expect(textOf('README.md')).toContain(`[\`${name}\`](${name}.md)`);
    expect(textOf(`${name}.md`)).toContain(`$ a7600 ${name}`);
  },
);
