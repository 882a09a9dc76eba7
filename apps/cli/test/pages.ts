import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../docs/program/', import.meta.url));

/** The pages of the program. */
export const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));

/** The text of a page. */
export const textOf = (page: string) => readFileSync(folder + page, 'utf8');

/** An example of a page: a command line after `$ a7600`, and the output below it. */
export type Example = readonly [page: string, command: string, output: string];

/** The examples of all pages. */
export const examples: readonly Example[] = pages.flatMap((page) =>
  examplesOf(page).map((example) => [page, ...example] as const),
);

/** What examples need that run with a server of a fleet. */
export const FLEET = 'nats://127.0.0.1:4222';

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
export function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** What an example may leave open: `…` stands for any text on its line, alone on a line for any lines. */
export function pattern(output: string): RegExp {
  const escaped = output
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/^…$/gm, '[^]*')
    .replaceAll('…', '.*');
  return new RegExp(`^${escaped}$`);
}
