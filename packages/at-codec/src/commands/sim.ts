import { family, readCommand, testCommand, textField } from '../command.js';

/**
 * `+CPIN`: what the SIM waits for. The read form gives `READY`, `SIM PIN`, `SIM PUK`, …; without a
 * SIM it fails with `CME_ERROR`.
 */
export const cpin = /* @__PURE__ */ family(
  { name: '+CPIN', section: 'AT command manual, 5', quirks: ['Q-13'] },
  () => readCommand('+CPIN', (line) => textField(line, 0)),
  { test: () => testCommand('+CPIN') },
);
