/** What JavaScript throws for mistakes of programs, and libraries of Node for their misuse. */
const MISTAKES = [TypeError, ReferenceError, RangeError, SyntaxError, EvalError];

/**
 * Whether an error is a mistake in the program, not something that it met.
 *
 * @param error what was thrown
 * @returns true for errors that JavaScript itself throws, and for what is no error at all
 */
export function isFault(error: unknown): boolean {
  return !(error instanceof Error) || MISTAKES.some((type) => error instanceof type);
}

/**
 * What is said of a mistake in the program.
 *
 * @param error what was thrown
 * @returns lines for a person who reports it, the stack last
 */
export function faultMessage(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `a7600 itself failed. This is a fault of the program: please report it with the text below, and with a bundle if a
modem is involved (a7600 doctor --bundle FILE, which leaves out secrets).
${stack}`;
}
