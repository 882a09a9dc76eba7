/** One change to one source. */
export interface Mutant {
  /** Names it in one run. */
  readonly id: string;
  readonly file: string;
  /** The kind of change, as Stryker names it. */
  readonly mutator: string;
  /** The line that it begins on, trimmed: what stays when lines move. */
  readonly context: string;
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
  /** Where the original stands in the source. */
  readonly start: number;
  readonly end: number;
}

/** A place in a source, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Returns the index of a position in a text. */
export function indexOf(text: string, { line, column }: Position): number {
  let start = 0;
  for (let at = 1; at < line; at++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

/** Returns a text on one line. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
