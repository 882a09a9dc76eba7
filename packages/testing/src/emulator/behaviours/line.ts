import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { SerialFormat } from '../line/serial-format.js';
import type { Module } from '../module.js';
import { basicSetting, setting } from './setting.js';

/** The speeds of `AT+IPR` (protocol 4.5). */
const SPEEDS = [
  0, 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1842000, 3000000,
  3200000, 3686400,
];

/** The frames of `AT+ICF`, by number; 2 and 5 have the parity that follows (V.250, 6.2.11). */
const FRAMES: Readonly<Record<number, readonly [dataBits: 7 | 8, stopBits: 1 | 2]>> = {
  1: [8, 2],
  2: [8, 1],
  3: [8, 1],
  4: [7, 2],
  5: [7, 1],
  6: [7, 1],
};
const PARITIES = ['odd', 'even', 'none', 'space'] as const;

/** The serial line and its control signals (protocol 4.5). */
export const line: readonly Behaviour[] = [
  {
    command: '+IPR',
    test: () => ok(`+IPR: (${SPEEDS.join()})`),
    read: (_, { port: { settings } }) => ok(`+IPR: ${settings.format.baudRate}`),
    write: ({ values }, module) => {
      const speed = number(values[0], 0, 4_000_000);
      if (speed === undefined || !SPEEDS.includes(speed)) return refuse();
      // 0 finds the speed by itself, which is the one that it has just understood.
      return okThen(() => setFormat(module, speed === 0 ? {} : { baudRate: speed }));
    },
  },
  {
    command: '+IPREX',
    test: () => ok(`+IPREX: (${SPEEDS.slice(1).join()})`),
    read: (_, { stored }) => ok(`+IPREX: ${stored.baudRate}`),
    write: ({ values }, module) => {
      const speed = number(values[0], 1, 4_000_000);
      if (speed === undefined || !SPEEDS.includes(speed)) return refuse();
      return okThen(() => {
        module.stored.baudRate = speed;
        setFormat(module, { baudRate: speed });
      });
    },
  },
  {
    command: '+ICF',
    test: () => ok('+ICF: (1-6),(0-3)'),
    read: (
      _,
      {
        port: {
          settings: { format },
        },
      },
    ) => ok(`+ICF: ${frameOf(format)},${PARITIES.indexOf(format.parity)}`),
    write: ({ values }, module) => {
      const [dataBits, stopBits] = FRAMES[number(values[0], 1, 6) ?? 0] ?? [];
      const parity = PARITIES[optional(values[1], 0, 3, 2) ?? 4];
      if (dataBits === undefined || stopBits === undefined || parity === undefined) return refuse();
      const checked = values[0] === '2' || values[0] === '5';
      return okThen(() => setFormat(module, { dataBits, stopBits, parity: checked ? parity : 'none' }));
    },
  },
  {
    command: '+IFC',
    test: () => ok('+IFC: (0,2),(0,2)'),
    read: (_, { port: { settings }, profile }) => ok(`${profile.flowPrefix}: ${settings.flow.join()}`),
    write: ({ values }, module) => {
      // 1, XON/XOFF elsewhere, is not among the values of the test form.
      const ours = number(values[0], 0, 2);
      const theirs = optional(values[1], 0, 2, ours ?? 0);
      if (ours === undefined || theirs === undefined || ours === 1 || theirs === 1) return refuse();
      return okThen(() => {
        module.port.settings.flow = [ours, theirs];
        module.port.configure();
      });
    },
  },
  basicSetting('&C', 1, (value, { port: { settings } }) => {
    settings.dcd = value;
  }),
  basicSetting('&D', 2, (value, { port: { settings } }) => {
    settings.dtr = value;
  }),
  setting({
    command: '+CSCLK',
    min: 0,
    max: 2,
    get: ({ settings }) => settings.sleep,
    set: (value, { settings }) => {
      settings.sleep = value;
    },
  }),
  setting({
    command: '+CATR',
    min: 0,
    max: 7,
    get: ({ settings }) => settings.urcPort,
    set: (value, { settings }) => {
      settings.urcPort = value;
    },
  }),
  {
    command: '+CURCD',
    read: (_, { settings }) => ok(`+CURCD: ${settings.urcDelay},1`),
    write: ({ values }, { settings }) => {
      const delay = number(values[0], 0, 60_000);
      if (delay === undefined) return refuse();
      settings.urcDelay = delay;
      return ok();
    },
  },
  setting({
    command: '+CFGRI',
    min: 0,
    max: 1,
    get: ({ settings }) => (settings.ringsForReports ? 1 : 0),
    set: (value, { settings }) => {
      settings.ringsForReports = value === 1;
    },
  }),
];

function setFormat({ port }: Module, format: Partial<SerialFormat>): void {
  port.settings.format = { ...port.settings.format, ...format };
  port.configure();
}

function frameOf({ dataBits, stopBits }: SerialFormat): number {
  if (dataBits === 8) return stopBits === 2 ? 1 : 2;
  return stopBits === 2 ? 4 : 5;
}
