import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The options of a command line. Ends the process with 2, and says what would be right, when it has others. */
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

/** Ends the process: the command line makes no sense. */
export function misused(usage: string, message: string): never {
  console.error(`${message}\nUsage: ${usage}`);
  process.exit(2);
}
