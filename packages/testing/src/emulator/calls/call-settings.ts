import { remembered } from '../behaviours/remembered.js';

const onOff = { min: 0, max: 1, initial: 0 };

/** What shapes how calls are shown (AT command manual, 7.2 and 4.2.4). */
export const callSettings = {
  /** `+CLIP` after each `RING`. */
  lineIdentification: remembered({ ...onOff, command: '+CLIP', saved: true, execute: 0 }),
  /** `+CRING: VOICE` in place of `RING`. */
  extendedRing: remembered({ ...onOff, command: '+CRC', saved: false, execute: 0 }),
  /** `+CLCC` at each change. */
  listing: remembered({ ...onOff, command: '+CLCC', saved: false }),
  /** A second call waits, and is shown by `+CCWA`. */
  waiting: remembered({ ...onOff, command: '+CCWA', saved: true, execute: 0 }),
  /** `+COLP` with the number that has answered. */
  connectedLine: remembered({ ...onOff, command: '+COLP', saved: true, execute: 0 }),
  /** Time in ms of a tone of `AT+VTS`. */
  toneTime: remembered({ command: '+VTD', min: 300, max: 600, initial: 300, saved: false }),
  /** 0: `ATH` hangs up voice calls; 1: it does not. */
  hangUpControl: remembered({ ...onOff, command: '+CVHU', saved: false, initial: 1, execute: 1 }),
  /** `AT+CLIR`: 1 withholds the own number. */
  restriction: remembered({ ...onOff, max: 2, command: '+CLIR', saved: true }),
};
