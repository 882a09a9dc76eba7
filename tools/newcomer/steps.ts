import { type Block, blocksOf } from '../lint/blocks.js';
import { EXECUTED, NOTES } from '../lint/pages.js';

/** A command that a page tells its reader to run. */
export interface Step {
  readonly page: string;
  readonly command: string;
  readonly where: 'clone' | 'project';
  /** It runs until Ctrl-C. */
  readonly endless: boolean;
}

/** Returns the commands of the executed pages, in order, without those that need a module or a published package. */
export function stepsOf(read: (page: string) => string): Step[] {
  return EXECUTED.flatMap((page) =>
    blocksOf(read(page))
      .filter(
        ({ language, note }) => language === 'sh' && note !== NOTES.module && note !== NOTES.publication,
      )
      .flatMap((block) =>
        block.text
          .trim()
          .split('\n')
          .map((command) => stepOf(page, block, command)),
      ),
  );
}

function stepOf(page: string, { note }: Block, command: string): Step {
  const where = note === NOTES.project || note === NOTES.endlessProject ? 'project' : 'clone';
  return { page, command, where, endless: note === NOTES.endless || note === NOTES.endlessProject };
}
