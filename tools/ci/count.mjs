import { stripVTControlCharacters } from 'node:util';

/** How the commands of the CI run sum up their checks: vitest, node:test and the checks of this project. */
const SUMMARIES = [
  { line: /^\s*Tests\s+(.+)\(\d+\)$/, passed: /(\d+) passed/, failed: /(\d+) failed/ },
  { line: /^(\d+ of \d+ checks passed)\.$/, passed: /^(\d+) of/, failed: undefined },
];

/**
 * Counts the checks in what a command printed. A command without a summary is one check: it passes when its
 * exit code is 0. A command that fails although all its checks passed adds one failure.
 *
 * @param {string} output
 * @param {number} exitCode
 * @returns {{ passed: number, failed: number }}
 */
export function countChecks(output, exitCode) {
  let passed = 0;
  let failed = 0;
  for (const line of stripVTControlCharacters(output).split('\n')) {
    for (const summary of SUMMARIES) {
      const [, counts] = summary.line.exec(line) ?? [];
      if (counts === undefined) continue;
      passed += Number(summary.passed.exec(counts)?.[1] ?? 0);
      failed += summary.failed
        ? Number(summary.failed.exec(counts)?.[1] ?? 0)
        : Number(/of (\d+)/.exec(counts)?.[1]) - Number(summary.passed.exec(counts)?.[1]);
    }
  }
  if (passed + failed === 0 && exitCode === 0) passed = 1;
  if (failed === 0 && exitCode !== 0) failed = 1;
  return { passed, failed };
}
