import { commandLine, flag, integer } from '../arguments.js';
import {
  type Command,
  type CommandInfo,
  command,
  executeCommand,
  family,
  intField,
  readCommand,
  testCommand,
} from '../command.js';

/**
 * Describes a command whose write form sets one number, which its read form returns: `AT+NAME=n`.
 *
 * @param info - What the coverage table says about it.
 * @param key - The name of the number in the options.
 * @param min - The smallest number that the command takes.
 * @param max - The largest number that the command takes.
 * @returns The command with its read and test forms.
 */
export function numberSetting<Key extends string>(info: CommandInfo, key: Key, min: number, max: number) {
  return family(
    info,
    (options: Readonly<Record<Key, number>>): Command<void> =>
      command(commandLine(info.name, [integer(key, options[key], min, max)])),
    {
      read: (): Command<number> => readCommand(info.name, (line) => intField(line, 0)),
      test: () => testCommand(info.name),
    },
  );
}

/**
 * Describes a command whose write form switches something on or off, which its read form returns:
 * `AT+NAME=<0 or 1>`.
 *
 * @param info - What the coverage table says about it.
 * @param key - The name of the boolean in the options.
 * @returns The command with its read and test forms.
 */
export function toggle<Key extends string>(info: CommandInfo, key: Key) {
  return family(
    info,
    (options: Readonly<Record<Key, boolean>>): Command<void> =>
      command(commandLine(info.name, [flag(key, options[key])])),
    {
      read: (): Command<boolean> => readCommand(info.name, (line) => intField(line, 0) === 1),
      test: () => testCommand(info.name),
    },
  );
}

/** Describes a {@link toggle} that `AT+NAME` alone sets to its default. */
export function toggleWithDefault<Key extends string>(info: CommandInfo, key: Key) {
  return Object.assign(toggle(info, key), { execute: (): Command<void> => executeCommand(info.name) });
}
