import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import { callsOf } from '../calls/calls.js';
import { mailboxOf } from '../messages/mailbox.js';
import { STATUS } from '../messages/store.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { remembered } from './remembered.js';
import { setting } from './setting.js';

/** `<mode>` of `AT+CNMP` (AT command manual, 4.2.7; SIM7600's has more): automatic, or LTE alone. */
const WITH_LTE = [2, 38, 39, 48, 51, 54];
const MODES = {
  a76xx: [2, 13, 14, 38],
  sim7600: [2, 9, 10, 13, 14, 19, 22, 38, 39, 48, 51, 54, 59, 60, 63, 67],
};

/** `<stat>` of `AT+CNSMOD`. */
const LTE = 8;

const preferredMode = remembered({ command: '+CNMP', min: 0, max: 99, initial: 2, saved: true });

const modeReports = remembered({ command: '+CNSMOD', min: 0, max: 1, initial: 0, saved: false });

/** Reports `<stat>` at each change of the registration, where `AT+CNSMOD=1` asks for it. */
const modeWatchOf = perModule((module) =>
  module.radio.watch(() => {
    if (modeReports.get(module) === 1) module.report(`+CNSMOD: ${systemMode(module)}`);
  }),
);

/** What is received and how (AT command manual, 3.2.4, 4.2; 3GPP TS 27.007, 8.9 and 8.69). */
export const reception: readonly Behaviour[] = [
  {
    ...preferredMode.behaviour,
    maxTime: 10_000,
    test: (_, { profile }) => ok(`+CNMP: (${MODES[profile.family].join()})`),
    write: ({ values: [value, ...more] }, module) => {
      const mode = number(value, 0, 99);
      if (mode === undefined || more.length > 0 || !MODES[module.profile.family].includes(mode))
        return refuse();
      return okThen(() => {
        preferredMode.set(mode, module);
        // This network is LTE: without it there is nothing to register in.
        module.radio.allow(WITH_LTE.includes(mode));
      });
    },
  },
  {
    ...modeReports.behaviour,
    test: () => ok('+CNSMOD: (0,1)'),
    read: (_, module) => ok(`+CNSMOD: ${modeReports.get(module)},${systemMode(module)}`),
    write: ({ values: [value, ...more] }, module) => {
      const reports = number(value, 0, 1);
      if (reports === undefined || more.length > 0) return refuse();
      modeReports.set(reports, module);
      modeWatchOf(module);
      return ok();
    },
  },
  {
    command: '+CESQ',
    test: () => ok('+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)'),
    execute: (_, module) => ok(`+CESQ: 99,99,255,255,${receivedPower(module)}`),
  },
  {
    command: '+CIND',
    test: () =>
      ok(
        '+CIND: ("battchg",(0-5)),("signal",(0-5)),("service",(0-1)),("message",(0-1)),("call",(0-1)),' +
          '("roam",(0-1)),("smsfull",(0-1))',
      ),
    read: (_, module) => ok(`+CIND: ${indicators(module).join()}`),
  },
  {
    command: '+WS46',
    test: () => ok('+WS46: (12,22,25,28)'),
    read: (_, module) => ok(`+WS46: ${preferredMode.get(module) === 38 ? 28 : 25}`),
    write: ({ values: [value] }, module) => {
      // E-UTRAN alone, or with everything else (3GPP TS 27.007, 5.9).
      const mode = { 12: 13, 22: 14, 25: 2, 28: 38 }[value as '12'];
      if (mode === undefined) return refuse();
      return okThen(() => {
        preferredMode.set(mode, module);
        module.radio.allow(WITH_LTE.includes(mode));
      });
    },
  },
  setting({
    command: '+CSQDELTA',
    min: 0,
    max: 5,
    execute: 5,
    get: ({ settings }) => settings.signalStep,
    set: (value, { settings }) => {
      settings.signalStep = value;
    },
  }),
];

function systemMode({ radio }: Module): number {
  return radio.serving ? LTE : 0;
}

/** `<rsrq>,<rsrp>`; both unknown without a network. A wide band of noise makes the RSRP some 25 dB less. */
function receivedPower({ radio, surroundings: { rssi } }: Module): string {
  if (!radio.serving || rssi > 31) return '255,255';
  return `20,${Math.max(0, Math.min(97, 2 * rssi + 3))}`;
}

function indicators(module: Module): number[] {
  const { radio, surroundings } = module;
  const store = mailboxOf(module).memory(2);
  const unread = store.all.some(({ message }) => message.status === STATUS.unread);
  const signal = radio.serving && surroundings.rssi <= 31 ? Math.round(surroundings.rssi / 6.2) : 0;
  return [
    5,
    signal,
    ...[radio.serving, unread, callsOf(module).all.length > 0].map(Number),
    radio.registration === 5 ? 1 : 0,
    store.used === store.size ? 1 : 0,
  ];
}
