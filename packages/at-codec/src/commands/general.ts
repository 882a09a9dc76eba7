import { commandLine, oneOf } from '../arguments.js';
import { command, family, intField, readCommand, testCommand } from '../command.js';

/** `AT`: is anybody there? */
export const at = /* @__PURE__ */ family(
  { name: '', section: 'AT command manual, 2', quirks: ['Q-41'] },
  () => command({ text: 'AT', label: 'AT' }),
  {},
);

/** `ATE`: whether the module sends command lines back. On after every start. */
export const echo = /* @__PURE__ */ family(
  { name: 'E', section: 'AT command manual, 2', quirks: ['Q-26', 'Q-27'] },
  ({ on }: { readonly on: boolean }) => {
    const text = `ATE${on ? 1 : 0}`;
    return command({ text, label: text }, { timeout: 120_000 });
  },
  {},
);

/** `+CMEE`: how GSM commands fail. 0 `ERROR`, 1 with a number, 2 with a text. */
export const cmee = /* @__PURE__ */ family(
  { name: '+CMEE', section: 'AT command manual, 3' },
  ({ mode }: { readonly mode: 0 | 1 | 2 }) => command(commandLine('+CMEE', [oneOf('mode', mode, [0, 1, 2])])),
  {
    read: () => readCommand('+CMEE', (line) => intField(line, 0)),
    test: () => testCommand('+CMEE'),
  },
);
