import { AtError } from './errors.js';

/** One argument of a command line: what is sent, and what may be shown to people. */
export interface Argument {
  /** What is sent. */
  readonly text: string;
  /** The same for logs and messages, secrets hidden. */
  readonly label: string;
}

/**
 * Checks an integer.
 *
 * @param name - What messages call the argument.
 * @param value - The integer.
 * @param min - The smallest allowed value.
 * @param max - The largest allowed value.
 * @returns The argument in decimal digits.
 * @throws {@link AtError} with `INVALID_ARGUMENT` when `value` is not an integer in that range.
 */
export function integer(name: string, value: number, min: number, max: number): Argument {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(name, `must be an integer from ${min} to ${max}, not ${show(value)}`);
  }
  return plain(String(value));
}

/**
 * Checks a boolean.
 *
 * @param name - What messages call the argument.
 * @param value - The boolean.
 * @returns The argument: 1 for true, 0 for false.
 * @throws {@link AtError} with `INVALID_ARGUMENT` when `value` is not a boolean.
 */
export function flag(name: string, value: boolean): Argument {
  if (typeof value !== 'boolean') throw invalid(name, `must be true or false, not ${show(value)}`);
  return plain(value ? '1' : '0');
}

/**
 * Checks a value against a list.
 *
 * @param name - What messages call the argument.
 * @param value - The value.
 * @param allowed - The values that the command takes.
 * @returns The argument as text without quotes.
 * @throws {@link AtError} with `INVALID_ARGUMENT` when `value` is not in `allowed`.
 */
export function oneOf<T extends string | number>(name: string, value: T, allowed: readonly T[]): Argument {
  if (!allowed.includes(value)) {
    throw invalid(name, `must be one of ${allowed.join(', ')}, not ${show(value)}`);
  }
  return plain(String(value));
}

/**
 * Puts a text in double quotes. It may contain printable ASCII characters except quotes and backslashes,
 * which could end it early, and semicolons, after which a command could begin.
 *
 * @param name - What messages call the argument.
 * @param value - The text.
 * @param max - The largest number of characters.
 * @param isSecret - Whether no message may show the text. Default false.
 * @returns The argument with its quotes.
 * @throws {@link AtError} with `INVALID_ARGUMENT` when `value` is longer or has other characters.
 */
export function quoted(name: string, value: string, max: number, isSecret = false): Argument {
  return inQuotes(
    checked(
      name,
      value,
      max,
      /^[ !#-:<-[\]-~]*$/,
      'printable ASCII characters without quotes, backslashes, semicolons and line breaks',
      isSecret,
    ),
  );
}

/**
 * Puts a host name, an IPv4 or an IPv6 address in double quotes.
 *
 * @param name - What messages call the argument.
 * @param value - The name or address, up to 254 characters.
 * @returns The argument with its quotes.
 * @throws {@link AtError} with `INVALID_ARGUMENT` when `value` cannot be a name or an address.
 */
export function hostName(name: string, value: string): Argument {
  return inQuotes(checked(name, value, 254, /^[\w.:-]+$/, 'letters, digits, ".", "-", "_" and ":"'));
}

/**
 * Puts decimal digits in double quotes. No message shows them: they are a PIN.
 *
 * @param name - What messages call the argument.
 * @param value - The digits.
 * @param min - The smallest number of digits.
 * @param max - The largest number of digits.
 * @returns The argument with its quotes.
 * @throws {@link AtError} with `INVALID_ARGUMENT` when `value` has another length or other characters.
 */
export function digits(name: string, value: string, min: number, max: number): Argument {
  const text = checked(name, value, max, /^\d+$/, 'digits', true);
  if (text.length < min) throw invalid(name, `must be at least ${min} digits`);
  return inQuotes(text);
}

/**
 * Keeps an argument out of logs and messages.
 *
 * @param argument - The argument with the secret.
 * @returns The same argument with a label that hides it.
 */
export function secret(argument: Argument): Argument {
  return { text: argument.text, label: '"…"' };
}

/**
 * Makes an argument of a value that may be absent.
 *
 * @param value - The value, or undefined.
 * @param make - Makes and checks the argument; not called without a value.
 * @returns The argument, or undefined for an absent value.
 */
export function optional<T>(value: T | undefined, make: (value: T) => Argument): Argument | undefined {
  return value === undefined ? undefined : make(value);
}

/**
 * Checks the payload of a command.
 *
 * @param name - What messages call the payload.
 * @param bytes - The payload.
 * @param min - The smallest length in bytes.
 * @param max - The largest length in bytes.
 * @returns `bytes`.
 * @throws {@link AtError} with `INVALID_ARGUMENT` when `bytes` is no `Uint8Array`, or of another length.
 */
export function payload(name: string, bytes: Uint8Array, min: number, max: number): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw invalid(name, `must be a Uint8Array, not ${show(bytes)}`);
  if (bytes.length < min || bytes.length > max) {
    throw invalid(name, `must be ${min} to ${max} bytes long, not ${bytes.length}`);
  }
  return bytes;
}

/**
 * Makes a command line: `AT+NAME` and, with arguments, `=a,b`.
 *
 * @param name - The command: `+NETOPEN`.
 * @param values - The arguments. An absent one leaves its place empty; those at the end are left out.
 * @returns The command line without its final CR, and its label.
 * @example
 * commandLine('+CTCPKA', [flag('on', true), undefined, integer('count', 3, 1, 10)]); // AT+CTCPKA=1,,3
 */
export function commandLine(name: string, values: readonly (Argument | undefined)[] = []): Argument {
  let last = values.length;
  while (last > 0 && values[last - 1] === undefined) last -= 1;
  let text = `AT${name}`;
  let label = text;
  for (let index = 0; index < last; index++) {
    const separator = index === 0 ? '=' : ',';
    const value = values[index];
    text += separator + (value?.text ?? '');
    label += separator + (value?.label ?? '');
  }
  return { text, label };
}

/** The error for an argument that cannot be sent. */
export function invalid(name: string, problem: string): AtError {
  return new AtError('INVALID_ARGUMENT', `${name} ${problem}.`);
}

function checked(
  name: string,
  value: string,
  max: number,
  allowed: RegExp,
  what: string,
  isSecret = false,
): string {
  if (typeof value !== 'string' || value.length > max || !allowed.test(value)) {
    throw invalid(name, `must be up to ${max} ${what}${isSecret ? '' : `, not ${show(value)}`}`);
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
