import type { Command } from 'commander';
import { PROFILES } from './connection/profiles.js';
import { UsageError } from './exit-code.js';

/**
 * Refuses what stands on a command line after the arguments that a subcommand takes.
 *
 * @param command the subcommand, after it has read its command line
 * @param argv the whole command line
 * @throws {UsageError} names the first word that is too many
 */
export function refuseFurtherWords(command: Command, argv: readonly string[]): void {
  const taken = command.registeredArguments;
  const word = command.args[taken.length];
  if (word === undefined || taken.at(-1)?.variadic === true) return;
  const count = ['no argument', 'one argument'][taken.length] ?? `${taken.length} arguments`;
  const isForProfile = argv.some((before, index) => before === '--emulated' && argv[index + 1] === word);
  const profiles = isForProfile ? ` --emulated takes ${PROFILES.join(', ')}, or nothing.` : '';
  throw new UsageError(
    `'${word}' is one word too many: ${command.name()} takes ${count}.${profiles} See --help.`,
  );
}
