import { commandLine, flag, oneOf, optional } from '../arguments.js';
import {
  type Command,
  command,
  executeCommand,
  family,
  intField,
  readCommand,
  testCommand,
} from '../command.js';
import { numberSetting } from './settings.js';

const FUNCTIONALITIES = [0, 1, 4, 5, 6, 7, 8] as const;

/**
 * `+CFUN`: how much of the module works: 0 the least, 1 all, 4 no radio, 5 factory test, 6 reset, 7
 * offline. With `reset` the module restarts first.
 */
export const cfun = /* @__PURE__ */ family(
  { name: '+CFUN', section: 'manual 3', quirks: ['Q-29'] },
  (options: {
    readonly functionality: (typeof FUNCTIONALITIES)[number];
    readonly reset?: boolean | undefined;
  }): Command<void> =>
    command(
      commandLine('+CFUN', [
        oneOf('functionality', options.functionality, FUNCTIONALITIES),
        optional(options.reset, (reset) => flag('reset', reset)),
      ]),
    ),
  {
    read: (): Command<number> => readCommand('+CFUN', (line) => intField(line, 0)),
    test: () => testCommand('+CFUN'),
  },
);

/** `+CRESET`: restarts the module, after `OK`. */
export const creset = /* @__PURE__ */ family(
  { name: '+CRESET', section: 'manual 3', quirks: ['Q-29'] },
  (): Command<void> => executeCommand('+CRESET'),
  { test: () => testCommand('+CRESET') },
);

/** `+CPOF`: turns the module off, about 2 s after `OK`. */
export const cpof = /* @__PURE__ */ family(
  { name: '+CPOF', section: 'manual 3' },
  (): Command<void> => executeCommand('+CPOF'),
  { test: () => testCommand('+CPOF') },
);

/**
 * `+CSCLK`: whether the module sleeps: 0 never, 1 while DTR is off, 2 while nothing is received; then
 * the first bytes only wake it.
 */
export const csclk = /* @__PURE__ */ numberSetting({ name: '+CSCLK', section: 'manual 4' }, 'mode', 0, 2);
