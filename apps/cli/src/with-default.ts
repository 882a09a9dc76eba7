import { Option } from 'commander';

/**
 * An option with a default that is written as a person would type it, which is also how `--help` shows it.
 *
 * @param flags the option and its argument: `--wait <seconds>`
 * @param text what it does
 * @param parse reads what is typed
 * @param typed the default
 * @returns the option
 */
export function withDefault<T>(
  flags: string,
  text: string,
  parse: (typed: string) => T,
  typed: string,
): Option {
  return new Option(flags, text).argParser(parse).default(parse(typed), typed);
}
