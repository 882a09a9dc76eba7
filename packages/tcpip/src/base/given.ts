import { AtError, type Command } from '@a7600/at-codec';

/** Throws `INVALID_ARGUMENT` unless an operation was given its options; `example` shows what they are. */
export function assertOptions(operation: string, options: unknown, example: string): void {
  if (typeof options === 'object' && options !== null) return;
  throw new AtError(
    'INVALID_ARGUMENT',
    `${operation}() needs options such as ${example}, not ${kindOf(options)}.`,
  );
}

/** Throws `INVALID_ARGUMENT` unless what is to be run is a command. */
export function assertCommand(command: unknown): asserts command is Command {
  const { text, claims } = (
    typeof command === 'object' && command !== null ? command : {}
  ) as Partial<Command>;
  if (typeof text === 'string' && typeof claims === 'function') return;
  throw new AtError(
    'INVALID_ARGUMENT',
    `run() needs a command of @a7600/at-codec, such as csq(), not ${kindOf(command)}. raw() takes text.`,
  );
}

/** The kind of a value for a message: its content may be a secret. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object without a command' : `a ${typeof value}`;
}
