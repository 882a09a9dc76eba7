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

/** A command whose write form sets one number that its read form tells: `AT+NAME=n`. */
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

/** A command whose write form sets what its read form tells, one of two: `AT+NAME=<0 or 1>`. */
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

/** A {@link toggle} that `AT+NAME` alone sets to its default. */
export function toggleWithDefault<Key extends string>(info: CommandInfo, key: Key) {
  return Object.assign(toggle(info, key), { execute: (): Command<void> => executeCommand(info.name) });
}
