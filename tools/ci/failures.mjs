import { stripVTControlCharacters } from 'node:util';

const LINES_OF_A_FAILURE = 15;
const LINES_WITHOUT_ONE = 30;

/**
 * Finds what a reader of a failed part needs first: each failed test of vitest with the start of its error, or
 * the last lines of a command that names no test.
 *
 * @param {string} output
 * @returns {string[]} lines
 */
export function failuresIn(output) {
  const lines = stripVTControlCharacters(output).trimEnd().split('\n');
  const starts = lines.flatMap((line, at) => (/^\s*FAIL {2}/.test(line) ? [at] : []));
  if (starts.length === 0) return lines.slice(-LINES_WITHOUT_ONE);
  return starts.flatMap((at, nth) =>
    lines.slice(at, Math.min(at + LINES_OF_A_FAILURE, starts[nth + 1] ?? lines.length)),
  );
}
