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

/** `true` as 1, `false` as 0. */
export function flag(name: string, value: boolean): Argument {
  if (typeof value !== 'boolean') throw invalid(name, `must be true or false, not ${show(value)}`);
  return plain(value ? '1' : '0');
}

/** One of a few literal values. */
export function oneOf<T extends string | number>(name: string, value: T, allowed: readonly T[]): Argument {
  if (!allowed.includes(value)) {
    throw invalid(name, `must be one of ${allowed.join(', ')}, not ${show(value)}`);
  }
  return plain(String(value));
}

/**
 * A text in double quotes: up to `max` printable ASCII characters. Quotes and backslashes, which
 * could end it early, and semicolons, after which a command could begin, are not among them.
 */
export function quoted(name: string, value: string, max: number): Argument {
  return inQuotes(
    checked(
      name,
      value,
      max,
      /^[ !#-:<-[\]-~]*$/,
      'printable ASCII characters without quotes, backslashes, semicolons and line breaks',
    ),
  );
}

/** A host name, an IPv4 or an IPv6 address, in double quotes. */
export function hostName(name: string, value: string): Argument {
  return inQuotes(checked(name, value, 254, /^[\w.:-]+$/, 'letters, digits, ".", "-", "_" and ":"'));
}

/** 1 to `max` decimal digits in double quotes. */
export function digits(name: string, value: string, min: number, max: number): Argument {
  const text = checked(name, value, max, /^\d+$/, 'digits');
  if (text.length < min) throw invalid(name, `must be at least ${min} digits`);
  return inQuotes(text);
}

/** The same argument, kept out of logs and messages. */
export function secret(argument: Argument): Argument {
  return { text: argument.text, label: '"…"' };
}

/** The argument that `make` checks, unless the value is absent. */
export function optional<T>(value: T | undefined, make: (value: T) => Argument): Argument | undefined {
  return value === undefined ? undefined : make(value);
}

/** Bytes to send, `min` to `max` of them. */
export function payload(name: string, bytes: Uint8Array, min: number, max: number): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw invalid(name, `must be a Uint8Array, not ${show(bytes)}`);
  if (bytes.length < min || bytes.length > max) {
    throw invalid(name, `must be ${min} to ${max} bytes long, not ${bytes.length}`);
  }
  return bytes;
}

/**
 * Puts a command line together: `AT+NAME` and, with arguments, `=a,b`. Absent ones stay empty, and
 * are left out at the end.
 */
export function commandLine(name: string, values: readonly (Argument | undefined)[] = []): Argument {
  let last = values.length;
  while (last > 0 && values[last - 1] === undefined) last -= 1;
  const present = values.slice(0, last);
  const join = (part: keyof Argument) =>
    present.length === 0 ? `AT${name}` : `AT${name}=${present.map((value) => value?.[part] ?? '').join(',')}`;
  return { text: join('text'), label: join('label') };
}

/** The error for an argument that cannot be sent. */
export function invalid(name: string, problem: string): AtError {
  return new AtError('INVALID_ARGUMENT', `${name} ${problem}.`);
}

function checked(name: string, value: string, max: number, allowed: RegExp, what: string): string {
  if (typeof value !== 'string' || value.length > max || !allowed.test(value)) {
    throw invalid(name, `must be up to ${max} ${what}, not ${show(value)}`);
  }
  return value;
}

function inQuotes(text: string): Argument {
  return plain(`"${text}"`);
}

function plain(text: string): Argument {
  return { text, label: text };
}

/** What a person has to see of a value; nothing of it is run. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
