import type { Command } from 'commander';

/** The options for access to a network, by the names that commander gives their values. */
const ACCESS = ['apn', 'user', 'passwordFile', 'pinFile'];

/**
 * Says which options have no effect with a subcommand that opens no network.
 *
 * @param command the subcommand, after it has read its command line
 * @param tell prints a message
 */
export function tellIdle(command: Command, tell: (line: string) => void): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (!ACCESS.includes(name) || command.getOptionValue(name) === undefined) continue;
    tell(`${option.long} has no effect: ${command.name()} opens no network.`);
  }
}
