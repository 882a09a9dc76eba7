import { openSync } from 'node:fs';

const { CI: _ci, FORCE_COLOR: _colour, ...environment } = process.env;

/** The environment of a program whose output goes to a file: without colours, also in CI. */
export const PLAIN_ENVIRONMENT = { ...environment, NO_COLOR: '1' };

/** The further descriptors of a child: without these, it would keep pseudo-terminals of this process open. */
export const NOTHING_INHERITED = Array<number>(64).fill(openSync('/dev/null', 'r'));

/**
 * The command of a program that the kernel kills when the thread that has started it ends, also by SIGKILL, and also when
 * the program is stopped or busy. Elsewhere than on Linux, and for a program that changes its user, it goes on.
 */
export function endingWithParent(program: string, args: readonly string[]): [string, string[]] {
  if (process.platform !== 'linux') return [program, [...args]];
  return ['setpriv', ['--pdeathsig', 'KILL', '--', program, ...args]];
}
