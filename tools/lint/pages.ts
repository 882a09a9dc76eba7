import { type Block, blocksOf, regionOf } from './blocks.js';
import type { Violation } from './source.js';

/** Languages whose blocks must be a file, or a region of one, that the tests run. */
const PROGRAMS = ['ts', 'js', 'tsx', 'mjs'];
/** Languages that state facts and run nowhere. */
const DATA = ['json', 'text', 'mermaid', 'ini'];

/** The pages whose commands `npm run newcomer` runs, in this order. */
export const EXECUTED = [
  'README.md',
  'docs/getting-started.md',
  'examples/README.md',
  'docs/guides/other-languages.md',
];

/** Pages whose `console` blocks, a command line of the program with its output, the tests of `apps/cli` run. */
const OF_PROGRAM = 'docs/program/';

/** Notes before a block of commands that say why, or where, `npm run newcomer` does not simply run it. */
export const NOTES = {
  module: 'needs a module',
  publication: 'needs the published packages',
  endless: 'runs until Ctrl-C',
  project: 'run in a new project',
  endlessProject: 'run in a new project, until Ctrl-C',
} as const;

/**
 * Code blocks of a page that nothing executes.
 *
 * @param read Reads a file of the page's project; undefined if there is none.
 */
export function pages(path: string, page: string, read: (file: string) => string | undefined): Violation[] {
  return blocksOf(page).flatMap((block) => {
    const message = faultOf(path, block, read);
    return message === undefined ? [] : [{ path, line: block.line, message }];
  });
}

function faultOf(path: string, block: Block, read: (file: string) => string | undefined): string | undefined {
  const { language, note } = block;
  if (DATA.includes(language)) return undefined;
  if (language === 'console' && path.startsWith(OF_PROGRAM)) return undefined;
  if (language === 'sh') {
    if (EXECUTED.includes(path)) return undefined;
    if (note !== undefined && Object.values<string>(NOTES).includes(note)) return undefined;
    return `nothing runs these commands: precede the block with <!-- ${Object.values(NOTES).join(' | ')} -->`;
  }
  if (!PROGRAMS.includes(language)) return `a block of "${language}" is neither a program, commands nor data`;
  if (note === undefined)
    return 'nothing runs this program: precede the block with <!-- FILE.ts --> or <!-- FILE.ts#REGION -->';
  const [file = '', region] = note.split('#');
  const source = read(file);
  if (source === undefined) return `there is no ${file}`;
  try {
    const expected = region === undefined ? source : regionOf(source, region);
    return block.text === expected ? undefined : `the block differs from ${note}`;
  } catch (error) {
    return `${file}: ${(error as Error).message}`;
  }
}
