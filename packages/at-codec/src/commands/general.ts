import { flag, oneOf } from '../arguments.js';
import { type Command, command, family, NETWORK, plainLine } from '../command.js';
import { numberSetting } from './settings.js';

/** `AT`: is anybody there? */
export const at = /* @__PURE__ */ family(
  { name: '', section: 'manual 2', quirks: ['Q-41'] },
  (): Command<void> => command(plainLine('AT')),
  {},
);

/** `ATE`: whether the module sends command lines back. On after every start. */
export const echo = /* @__PURE__ */ family(
  { name: 'E', section: 'manual 2', quirks: ['Q-26', 'Q-27'] },
  ({ on }: { readonly on: boolean }): Command<void> =>
    command(plainLine(`ATE${flag('on', on).text}`), { timeout: NETWORK }),
  {
    /** `ATE` alone. */
    execute: (): Command<void> => command(plainLine('ATE'), { timeout: NETWORK }),
  },
);

/**
 * `ATV1`: results in words, which is how the decoder reads them. It brings a module back that
 * answers with digits (`ATV0`).
 */
export const verbose = /* @__PURE__ */ family(
  { name: 'V', section: 'manual 2' },
  (): Command<void> => command(plainLine('ATV1')),
  {},
);

/** `ATZ`: sets the stored user profile. */
export const atz = /* @__PURE__ */ family(
  { name: 'Z', section: 'manual 2', quirks: ['Q-26'] },
  (): Command<void> => command(plainLine('ATZ')),
  {},
);

/** `ATH`: ends a data call. */
export const ath = /* @__PURE__ */ family(
  { name: 'H', section: 'manual 2' },
  (): Command<void> => command(plainLine('ATH')),
  {},
);

/**
 * `ATO`: back to data mode from command mode. Succeeds with `CONNECT`; fails with `NO_CARRIER` when
 * there is no connection to go back to.
 */
export const ato = /* @__PURE__ */ family(
  { name: 'O', section: '1.6' },
  (): Command<void> => command(plainLine('ATO'), { connects: true, timeout: NETWORK }),
  {},
);

/**
 * Whether a command line dials (`ATD`), answers a call (`ATA`) or resumes a connection (`ATO`), so that its command
 * needs {@link Command.dials}.
 *
 * @param text - A command line, `AT` included.
 * @returns Whether its first command is one of them.
 */
export function isDialling(text: string): boolean {
  return /^AT\s*[DAO]/i.test(text);
}

/**
 * `+++`: from data mode to command mode, the connection stays. No line: the three characters go out
 * in one write between silences (see `guard`), without a CR.
 */
export const plusPlusPlus = /* @__PURE__ */ family(
  { name: '+++', section: '1.6' },
  (): Command<void> => command(plainLine('+++'), { guard: 1000 }),
  {},
);

/** `AT&D`: what DTR going off does: 0 nothing, 1 command mode, 2 disconnects. */
export const dtr = /* @__PURE__ */ family(
  { name: '&D', section: '1.6' },
  ({ mode }: { readonly mode: 0 | 1 | 2 }): Command<void> =>
    command(plainLine(`AT&D${oneOf('mode', mode, [0, 1, 2]).text}`)),
  {},
);

/** `AT&C`: what DCD shows: 0 always on, 1 on while there is a connection. */
export const dcd = /* @__PURE__ */ family(
  { name: '&C', section: 'manual 2' },
  ({ mode }: { readonly mode: 0 | 1 }): Command<void> =>
    command(plainLine(`AT&C${oneOf('mode', mode, [0, 1]).text}`)),
  {},
);

/** `+CMEE`: how GSM commands fail. 0 `ERROR`, 1 with a number, 2 with a text. */
export const cmee = /* @__PURE__ */ numberSetting({ name: '+CMEE', section: 'manual 3' }, 'mode', 0, 2);
