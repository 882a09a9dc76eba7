import { AtError } from './errors.js';

/** One argument of a command line: what is sent, and what may be shown to people. */
export interface Argument {
  readonly text: string;
  readonly label: string;
}

/** An integer from `min` to `max`. */
export function integer(name: string, value: number, min: number, max: number): Argument {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(name, `must be an integer from ${min} to ${max}, not ${show(value)}`);
  }
  return plain(String(value));
}

/** One of a few literal values. */
export function oneOf<T extends string | number>(name: string, value: T, allowed: readonly T[]): Argument {
  if (!allowed.includes(value)) {
    throw invalid(name, `must be one of ${allowed.join(', ')}, not ${show(value)}`);
  }
  return plain(String(value));
}

/** A text in double quotes: 1 to `max` printable ASCII characters, no quote among them. */
export function quoted(name: string, value: string, max: number): Argument {
  if (typeof value !== 'string' || value.length > max || !/^[\x20\x21\x23-\x7e]*$/.test(value)) {
    throw invalid(
      name,
      `must be at most ${max} printable ASCII characters without quotes and line breaks, not ${show(value)}`,
    );
  }
  return plain(`"${value}"`);
}

/** The same argument, kept out of logs and messages. */
export function secret(argument: Argument): Argument {
  return { text: argument.text, label: '"…"' };
}

/** Bytes to send, `min` to `max` of them. */
export function payload(name: string, bytes: Uint8Array, min: number, max: number): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw invalid(name, 'must be a Uint8Array');
  if (bytes.length < min || bytes.length > max) {
    throw invalid(name, `must be ${min} to ${max} bytes long, not ${bytes.length}`);
  }
  return bytes;
}

/** Puts a command line together: `AT+NAME` and, with arguments, `=a,b`. Absent ones stay empty. */
export function commandLine(name: string, values: readonly (Argument | undefined)[] = []): Argument {
  const join = (pick: (argument: Argument) => string) =>
    values.length === 0
      ? `AT${name}`
      : `AT${name}=${values.map((value) => (value === undefined ? '' : pick(value))).join(',')}`;
  return { text: join((value) => value.text), label: join((value) => value.label) };
}

function plain(text: string): Argument {
  return { text, label: text };
}

function invalid(name: string, problem: string): AtError {
  return new AtError('INVALID_ARGUMENT', `${name} ${problem}.`);
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}
