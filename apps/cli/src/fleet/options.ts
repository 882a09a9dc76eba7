import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

/** Where the NATS server of a fleet is, and who connects. */
export interface FleetOptions {
  readonly nats: readonly string[];
  readonly creds?: string;
  readonly ca?: string;
}

/** Adds the options that say where the fleet is. */
export function addFleetOptions(command: Command): Command {
  return command
    .optionsGroup('Where the fleet is:')
    .requiredOption(
      '--nats <url>',
      'the NATS server: nats://HOST:PORT or tls://HOST:PORT, several with commas',
      servers,
    )
    .option('--creds <file>', 'file with the key of this user: an NKey seed, or credentials of an operator')
    .option(
      '--ca <file>',
      "file with the certificates that the server's is checked with (default: those of Node)",
    );
}

function servers(value: string): string[] {
  const urls = value.split(',');
  for (const url of urls) {
    if (!/^(nats|tls|wss?):\/\/[^/@\s]+$/.test(url)) {
      throw new InvalidArgumentError('Write nats://HOST:PORT or tls://HOST:PORT, without a user in it.');
    }
  }
  return urls;
}
