import { commandLine, digits, optional, secret } from '../arguments.js';
import { type Command, command, family, readCommand, testCommand, textField } from '../command.js';

/**
 * `+CPIN`: what the SIM waits for. The main form asks and gives `READY`, `SIM PIN`, `SIM PUK`, …;
 * without a SIM it fails with `CME_ERROR`.
 */
export const cpin = /* @__PURE__ */ family(
  { name: '+CPIN', section: 'manual 6', quirks: ['Q-13'] },
  (): Command<string> => readCommand('+CPIN', (line) => textField(line, 0)),
  {
    /** `AT+CPIN=<pin>[,<new pin>]`: 4 to 8 digits, which no log shows. */
    unlock: ({
      pin,
      newPin,
    }: {
      readonly pin: string;
      readonly newPin?: string | undefined;
    }): Command<void> =>
      command(
        commandLine('+CPIN', [
          secret(digits('pin', pin, 4, 8)),
          optional(newPin, (value) => secret(digits('newPin', value, 4, 8))),
        ]),
      ),
    test: () => testCommand('+CPIN'),
  },
);
