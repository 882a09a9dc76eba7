import { cfun, csclk } from '@a7600/at-codec';
import type { Setting } from '../lane/setting.js';

/** When the module sleeps; 0 never. */
export const SLEEP: Setting<number> = {
  name: 'AT+CSCLK',
  read: csclk.read(),
  write: (mode) => csclk({ mode }),
  same: Object.is,
};

/** How much of the module works; 1 all of it. */
export const FUNCTIONALITY: Setting<number> = {
  name: 'AT+CFUN',
  read: cfun.read(),
  write: () => cfun({ functionality: 1 }),
  same: Object.is,
};
