import { run } from '@a7600/testing/cli';
import { defer, from, map } from 'rxjs';
import type { ExitCode } from '../exit-code.js';
import type { Subcommand } from '../subcommand.js';

/** Starts emulated modules for programs in any language: the program `a7600-emulator`, with its options. */
export const emulate: Subcommand = {
  connects: false,
  ownOptions: true,
  endsBySignal: true,
  define: (command) => command.argument('[options...]', 'see a7600 emulate --help'),
  run: ({ args }) => defer(() => from(run(args, 'a7600 emulate'))).pipe(map((code) => code as ExitCode)),
};
