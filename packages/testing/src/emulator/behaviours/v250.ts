import type { Behaviour } from '../at/behaviour.js';
import { ok, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import type { RegisterNumber } from '../settings.js';
import { basicSetting } from './setting.js';

/** The ranges of the S registers (ITU-T V.250, 6.2 and 6.3). */
const REGISTERS: readonly (readonly [register: RegisterNumber, min: number, max: number])[] = [
  [3, 0, 127],
  [4, 0, 127],
  [5, 0, 127],
  [6, 2, 10],
  [7, 1, 255],
  [8, 0, 255],
  [9, 0, 255],
  [10, 1, 254],
  [11, 50, 255],
];

/** What modems have had since V.250 and its forerunners, and default init strings set. */
export const v250: readonly Behaviour[] = [
  ...REGISTERS.map(
    ([register, min, max]): Behaviour => ({
      command: `S${register}`,
      // Three digits, without a prefix (V.250, 5.3.2).
      read: (_, { port }) => ok(String(port.settings.registers[register]).padStart(3, '0')),
      write: ({ values }, { port }) => {
        const value = number(values[0], min, max);
        if (value === undefined) return refuse();
        port.settings.registers[register] = value;
        return ok();
      },
    }),
  ),
  basicSetting('L', 3, (value, { port }) => {
    port.settings.loudness = value;
  }),
  basicSetting('M', 2, (value, { port }) => {
    port.settings.speaker = value;
  }),
  basicSetting('&S', 1, (value, { port }) => {
    port.settings.dsr = value;
  }),
  {
    // Data is the only class of service (ITU-T T.31, 8.2).
    command: '+FCLASS',
    test: () => ok('0'),
    read: () => ok('0'),
    write: ({ values }) => (values.length === 1 && values[0] === '0' ? ok() : refuse()),
  },
];
