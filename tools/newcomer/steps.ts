import { blocksOf } from '../lint/blocks.js';
import { NOT_RUN, type Running, runningOf } from '../lint/shell-blocks.js';

/** A command that a page tells its reader to run. */
export interface Step extends Running {
  readonly page: string;
  readonly command: string;
}

/** What a newcomer reads first; later pages rely on what it has installed. */
const FIRST = ['README.md', 'docs/getting-started.md'];

/**
 * Returns the commands of all pages, in order; what several pages say, once. Of commands that cannot be run, the syntax
 * is checked.
 *
 * @param pages paths of all pages
 * @param read reads a page
 * @throws {Error} for a block whose note says nothing that is known; lint rejects it, too.
 */
export function stepsOf(pages: readonly string[], read: (page: string) => string): Step[] {
  const others = pages.filter((page) => !FIRST.includes(page)).sort();
  const steps = [...FIRST, ...others].flatMap((page) =>
    blocksOf(read(page))
      .filter(({ language }) => language === 'sh')
      .flatMap(({ note, text, line }) => {
        if (note !== undefined && note in NOT_RUN) return syntaxOf(page, text);
        const running = runningOf(note);
        if (running === undefined) throw new Error(`${page}:${line}: unknown note "${note}"`);
        const commands = text.trim().split('\n');
        return commands.map((command): Step => ({ page, command, ...running }));
      }),
  );
  const isSame = (one: Step, other: Step) => one.command === other.command && one.where === other.where;
  return steps.filter((step, at) => steps.findIndex((earlier) => isSame(earlier, step)) === at);
}

function syntaxOf(page: string, text: string): Step[] {
  return [{ page, command: `bash -n <<'END'\n${text}END`, where: 'clone' }];
}
