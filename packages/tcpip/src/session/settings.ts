import { catr, cfun, csclk } from '@a7600/at-codec';
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

/** The port on which the module reports; 0 all of them. */
export const REPORTING_PORT: Setting<number> = {
  name: 'AT+CATR',
  read: catr.read(),
  write: (port) => catr({ port }),
  same: Object.is,
};
export const ALL_PORTS = 0;
