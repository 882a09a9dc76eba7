import type { Behaviour } from '../at/behaviour.js';
import { ok } from '../at/reply.js';
import type { Module } from '../module.js';
import { defaultSettings, factoryProfile, type UserProfile, volatilePortSettings } from '../settings.js';
import { basicSetting, setting } from './setting.js';

/** The manual allows what prints much or stores something this time, in ms. */
const SLOW = 120_000;

/** Echo, results, profiles (protocol 2, 4.5). */
export const general: readonly Behaviour[] = [
  { command: '', execute: () => ok() },
  basicSetting('E', 1, (value, { port: { settings } }) => {
    settings.echo = value === 1;
  }),
  basicSetting('Q', 1, (value, { port: { settings } }) => {
    settings.quiet = value === 1;
  }),
  basicSetting('V', 1, (value, { port: { settings } }) => {
    settings.verbose = value === 1;
  }),
  basicSetting('X', 4, (value, { port: { settings } }) => {
    settings.connectText = value;
  }),
  setting({
    command: 'S0',
    min: 0,
    max: 255,
    get: ({ port }) => port.settings.ringsToAnswer,
    set: (value, { port: { settings } }) => {
      settings.ringsToAnswer = value;
    },
  }),
  setting({
    command: '+CMEE',
    min: 0,
    max: 2,
    get: ({ settings }) => settings.cmee,
    set: (value, { settings }) => {
      settings.cmee = value;
    },
    execute: 0,
  }),
  profileCommand('&F', (module) => {
    const { format } = module.port.settings;
    Object.assign(module.settings, defaultSettings());
    Object.assign(module.port.settings, factoryProfile(module.profile), volatilePortSettings(), { format });
    module.stored.user = factoryProfile(module.profile);
  }),
  profileCommand('&W', (module) => {
    module.stored.user = userProfile(module.port.settings);
  }),
  profileCommand('Z', (module) => {
    Object.assign(module.port.settings, module.stored.user);
  }),
  {
    command: '&V',
    maxTime: SLOW,
    execute: (_, { settings: { cmee, urcPort, sleep }, port: { settings }, stored }) =>
      ok(
        `&C: ${settings.dcd}; &D: ${settings.dtr}; &F: 0; E: ${bit(settings.echo)}; L: ${settings.loudness}; M: ${settings.speaker}; ` +
          `Q: ${bit(settings.quiet)}; V: ${bit(settings.verbose)}; X: ${settings.connectText}; Z: 0; ` +
          `S0: ${settings.ringsToAnswer};`,
        `${Object.entries(settings.registers)
          .map(([number, value]) => `S${number}: ${value}`)
          .join('; ')};`,
        `+FCLASS: 0; +IFC: ${settings.flow.join()}; +IPR: ${settings.format.baudRate}; +IPREX: ${stored.baudRate};`,
        `+CMEE: ${cmee}; +CATR: ${urcPort}; +CSCLK: ${sleep};`,
      ),
  },
];

/** Only profile 0 exists. */
function profileCommand(command: string, act: (module: Module) => void): Behaviour {
  const { execute, write } = basicSetting(command, 0, (_, module) => {
    act(module);
    module.port.configure();
  });
  return { command, maxTime: SLOW, ...(execute && { execute }), ...(write && { write }) };
}

function userProfile(settings: UserProfile): UserProfile {
  const { echo, quiet, verbose, connectText, dcd, dtr, flow, ringsToAnswer } = settings;
  return { echo, quiet, verbose, connectText, dcd, dtr, flow, ringsToAnswer };
}

function bit(on: boolean): number {
  return on ? 1 : 0;
}
