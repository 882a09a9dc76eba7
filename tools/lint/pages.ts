import { type Block, blocksOf, regionOf } from './blocks.js';
import { NOT_RUN, RUNNING, runningOf } from './shell-blocks.js';
import type { Violation } from './source.js';

/** Languages whose blocks must be a file, or a region of one, that the tests run. */
const PROGRAMS = ['ts', 'js', 'tsx', 'mjs'];
/** Languages that state facts and run nowhere. */
const DATA = ['json', 'text', 'mermaid', 'ini'];

/** Pages whose `console` blocks, a command line of the program with its output, the tests of `apps/cli` run. */
const OF_PROGRAM = 'docs/program/';

/**
 * Code blocks of a page that nothing executes.
 *
 * @param read Reads a file of the page's project; undefined if there is none.
 */
export function pages(path: string, page: string, read: (file: string) => string | undefined): Violation[] {
  const found = blocksOf(page).flatMap((block) => {
    const message = faultOf(path, block, read);
    return message === undefined ? [] : [{ path, line: block.line, message }];
  });
  return [...found, ...hidden(page).map((line) => ({ path, line, message: HIDDEN }))];
}

const HIDDEN = 'nothing runs a block that is indented or fenced with tildes: use ``` at the start of a line';

/** The lines that begin code blocks which {@link blocksOf} does not find. */
function hidden(page: string): number[] {
  const prose = page.replaceAll(/^```[\s\S]*?^```$/gm, (code) => code.replaceAll(/[^\n]/g, ' '));
  const fences = [...prose.matchAll(/^[ \t]*(?:```|~~~)/gm)];
  return fences.flatMap(({ index }, at) => (at % 2 === 0 ? [prose.slice(0, index).split('\n').length] : []));
}

function faultOf(path: string, block: Block, read: (file: string) => string | undefined): string | undefined {
  const { language, note } = block;
  if (DATA.includes(language)) return /^\$ /m.test(block.text) ? 'commands are blocks of "sh"' : undefined;
  if (language === 'console' && path.startsWith(OF_PROGRAM)) return undefined;
  if (language === 'sh') {
    if (runningOf(note) !== undefined || (note !== undefined && note in NOT_RUN)) return undefined;
    const notes = [...Object.keys(RUNNING), ...Object.keys(NOT_RUN)];
    return `npm run newcomer does not know how to run these commands: precede the block with nothing, if they run in a clone, or with <!-- ${notes.join(' | ')} -->`;
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
