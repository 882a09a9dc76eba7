import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Parses the options of a command line. Ends the process with 2, after printing the usage, if one is wrong. */
export function readOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  usage: string,
  options: Options,
) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return misused(usage, (error as Error).message);
  }
}

/** Ends the process with 2, after printing what is wrong and the usage. */
export function misused(usage: string, message: string): never {
  console.error(`${message}\nUsage: ${usage}`);
  process.exit(2);
}
