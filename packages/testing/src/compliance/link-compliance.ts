import type { Cases, ComplianceCase, Setting } from './cases.js';
import { ending } from './ending.js';
import { opening } from './opening.js';
import { transfer } from './transfer.js';
import { writtenData } from './written-data.js';

/**
 * The contract of `ByteLink` and `Transport` as test cases.
 *
 * ```ts
 * for (const { name, run } of linkCompliance(setting)) test(name, run);
 * ```
 *
 * Cases run in real time, fail with an `Error` that says what was expected, and clean up after
 * themselves.
 *
 * @param setting How links are opened and what can be seen of them.
 * @returns The cases.
 */
export function linkCompliance(setting: Setting): ComplianceCase[] {
  const cases: Cases = { ...opening, ...transfer, ...writtenData, ...ending };
  return Object.entries(cases)
    .filter(([name]) => setting.sever !== undefined || !name.startsWith('when it breaks'))
    .map(([name, check]) => ({ name, run: () => checked(setting, check) }));
}

async function checked(setting: Setting, check: Cases[string]): Promise<void> {
  const before = await setting.held?.();
  try {
    await check(setting);
  } finally {
    await setting.cleanUp?.();
  }
  const after = await setting.held?.();
  if (before !== after) throw new Error(`${after} things are held afterwards, ${before} were before.`);
}
