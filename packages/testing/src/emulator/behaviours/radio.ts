import type { Behaviour } from '../at/behaviour.js';
import { cmeError, ok, okThen, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import { CELL } from '../radio/radio.js';
import { setting } from './setting.js';

/** Signal, registration and radio (protocol 4.2). */
export const radio: readonly Behaviour[] = [
  {
    command: '+CSQ',
    test: () => ok('+CSQ: (0-31,99),(0-7,99)'),
    execute: (_, module) => ok(`+CSQ: ${signal(module)}`),
  },
  {
    command: '+AUTOCSQ',
    test: () => ok('+AUTOCSQ: (0,1),(0,1)'),
    read: (_, { settings: { signalReports } }) =>
      ok(`+AUTOCSQ: ${signalReports === 'off' ? 0 : 1},${signalReports === 'changes' ? 1 : 0}`),
    write: ({ values }, module) => {
      const on = number(values[0], 0, 1);
      const mode = optional(values[1], 0, 1, 0);
      if (on === undefined || mode === undefined) return refuse();
      module.settings.signalReports = on === 0 ? 'off' : mode === 0 ? 'timed' : 'changes';
      module.radio.signal.begin();
      return ok();
    },
  },
  registration('+CREG'),
  registration('+CGREG'),
  registration('+CEREG'),
  {
    command: '+CPSI',
    test: () => ok('+CPSI: (0-255)'),
    read: (_, module) => ok(`+CPSI: ${systemInformation(module)}`),
  },
  {
    command: '+CFUN',
    test: () => ok('+CFUN: (0-1,4-8),(0-1)'),
    read: (_, { radio: { functionality } }) => ok(`+CFUN: ${functionality}`),
    write: ({ values }, module) => setFunctionality(values, module),
  },
  // The time that these are about is not emulated: `chatter` has lines of it.
  setting({
    command: '+CTZU',
    min: 0,
    max: 1,
    get: ({ stored }) => stored.timeUpdates,
    set: (value, { stored }) => {
      stored.timeUpdates = value;
    },
  }),
  setting({
    command: '+CTZR',
    min: 0,
    max: 1,
    get: ({ settings }) => settings.timeReports,
    set: (value, { settings }) => {
      settings.timeReports = value;
    },
  }),
];

function signal({ radio: { on }, surroundings: { rssi } }: Module): string {
  return on ? `${rssi},0` : '99,99';
}

function registration(command: string): Behaviour {
  return {
    command,
    test: () => ok(`${command}: (0-2)`),
    read: (_, module) => {
      const reports = module.settings.registrationReports[command] ?? 0;
      return ok(`${command}: ${reports},${module.radio.registration}${module.radio.location(reports)}`);
    },
    write: ({ values }, { settings }) => {
      const reports = number(values[0], 0, 2);
      if (reports === undefined) return refuse();
      settings.registrationReports[command] = reports;
      return ok();
    },
  };
}

function systemInformation({ radio: { on, registration: stat }, surroundings: { plmn } }: Module): string {
  // The blank after the comma is the module's own (protocol 4.2).
  if (!on) return 'NO SERVICE, Low Power Mode';
  if (stat !== 1 && stat !== 5) return 'NO SERVICE,Online';
  const cell = Number.parseInt(CELL.cell, 16);
  return `LTE,Online,${plmn},0x${CELL.area},${cell},318,EUTRAN-BAND3,1650,5,0,21,67,255,19`;
}

function setFunctionality([value, reset]: readonly string[], module: Module) {
  const wanted = number(value, 0, 8);
  const restart = optional(reset, 0, 1, 0);
  if (wanted === undefined || restart === undefined || wanted === 2 || wanted === 3) return refuse();
  if (wanted === 6 || (wanted === 1 && restart === 1)) return okThen(() => module.start());
  // Out of 7 only a reset leads (protocol 4.2).
  if (module.radio.functionality === 7 && wanted !== 7) return cmeError(3);
  return okThen(() => module.radio.setFunctionality(wanted));
}
