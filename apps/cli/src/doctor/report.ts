import type { Diagnosis, Finding, Verdict } from '@a7600/diagnostics/doctor';
import type { Console } from '../console.js';
import { inOptions } from '../in-options.js';

const SIGNS = { good: '✓', note: '!', bad: '✗' } as const;
const STEP_WIDTH = 13;

/** Prints a diagnosis as it comes: a line for each step, then the verdict. */
export function reporter(console: Console): (diagnosis: Diagnosis) => void {
  return (diagnosis) => {
    console.value('finding' in diagnosis ? diagnosis.finding : diagnosis);
    if ('finding' in diagnosis) {
      if (!console.quiet) console.print(stepLine(diagnosis.finding, console));
    } else printVerdict(diagnosis.verdict, console);
  };
}

function stepLine({ state, step, text }: Finding, { style }: Console): string {
  const colour = { good: style.green, note: style.yellow, bad: style.red }[state];
  return `${colour(SIGNS[state])} ${step.padEnd(STEP_WIDTH)} ${text}`;
}

function printVerdict({ code, title, evidence, advice, next }: Verdict, console: Console): void {
  const { style } = console;
  if (!console.quiet) console.print();
  console.print(`${style.bold((code === 'WORKS' ? style.green : style.red)(title))} (${code})`);
  for (const line of evidence) console.print(`  evidence: ${inOptions(line)}`);
  if (advice !== '') console.print(`  advice:   ${advice}`);
  if (next !== undefined) console.print(`  next:     ${style.bold(next)}`);
}
