import type { Line } from './line.js';

/** Decides by the number of a line's integers whether a URC accepts the line; undefined if more has to be known. */
type Decision = (integers: number) => boolean | undefined;

/** Makes the condition of a URC that `decide` decides and, where it does not, `ask`. */
export function byIntegers(decide: Decision, ask?: (line: Line) => boolean) {
  const accepts = (line: Line): boolean => decide(line.integerCount) ?? ask?.(line) ?? false;
  return Object.assign(accepts, { decide });
}

/** Returns how a condition decides by the number of integers; undefined if it does not. */
export function decisionOf(accepts: (line: Line) => boolean): Decision | undefined {
  return (accepts as { readonly decide?: Decision }).decide;
}
