import type { Behaviour } from '../at/behaviour.js';
import { type FinalReply, ok, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import type { Settings } from '../settings.js';
import { setting } from './setting.js';

/** A setting of 0 or 1, which the execution form sets to `execute`. */
function toggle(
  command: string,
  execute: 0 | 1,
  get: (settings: Settings) => boolean,
  set: (settings: Settings, on: boolean) => void,
): Behaviour {
  return setting({
    command,
    min: 0,
    max: 1,
    execute,
    get: ({ settings }) => (get(settings) ? 1 : 0),
    set: (value, { settings }) => set(settings, value === 1),
  });
}

/** What shapes sockets (protocol 3.8 to 3.12, 3.17). */
export const socketSettings: readonly Behaviour[] = [
  toggle(
    '+CIPHEAD',
    1,
    (settings) => settings.showsLength,
    (settings, on) => {
      settings.showsLength = on;
    },
  ),
  toggle(
    '+CIPSRIP',
    1,
    (settings) => settings.showsSender,
    (settings, on) => {
      settings.showsSender = on;
    },
  ),
  toggle(
    '+CIPMODE',
    0,
    (settings) => settings.transparent,
    (settings, on) => {
      settings.transparent = on;
    },
  ),
  toggle(
    '+CIPSENDMODE',
    0,
    (settings) => settings.awaitsAcknowledgement,
    (settings, on) => {
      settings.awaitsAcknowledgement = on;
    },
  ),
  {
    command: '+CIPTIMEOUT',
    read: (_, { settings: { timeouts } }) =>
      ok(`+CIPTIMEOUT: ${timeouts.netOpen},${timeouts.connect},${timeouts.send}`),
    write: ({ values }, module) => {
      const { timeouts } = module.settings;
      const netOpen = optional(values[0], 3_000, 120_000, timeouts.netOpen);
      const connect = optional(values[1], 3_000, 120_000, timeouts.connect);
      const send = optional(values[2], 3_000, 120_000, timeouts.send);
      if (netOpen === undefined || connect === undefined || send === undefined || values.length > 3)
        return refuse();
      module.settings.timeouts = { netOpen, connect, send };
      return ok();
    },
  },
  {
    command: '+CTCPKA',
    test: () => ok('+CTCPKA: (0,1),(1-120),(1-10),(1-100)'),
    read: (_, { settings: { keepAlive } }) =>
      ok(`+CTCPKA: ${keepAlive.on ? 1 : 0},${keepAlive.idle},${keepAlive.count},${keepAlive.interval}`),
    write: ({ values }, { settings }) => {
      const { keepAlive } = settings;
      const on = number(values[0], 0, 1);
      const idle = optional(values[1], 1, 120, keepAlive.idle);
      const count = optional(values[2], 1, 10, keepAlive.count);
      const interval = optional(values[3], 1, 100, keepAlive.interval);
      if (on === undefined || idle === undefined || count === undefined || interval === undefined)
        return refuse();
      settings.keepAlive = { on: on === 1, idle, count, interval };
      return ok();
    },
  },
  {
    // No source shows what its other forms print.
    command: '+CSOC',
    write: ({ values: [key = '', text, ...more] }, { settings }) => {
      const name = key.toLowerCase();
      const [min, max] = TCP_RANGES[name] ?? [1, 0];
      const value = number(text, min, max);
      if (value === undefined || more.length > 0) return refuse();
      if (name === 'tcp srxt') settings.synRetries = value;
      if (name === 'tcp rxt') settings.dataRetries = value;
      if (name === 'recvwin') settings.receiveWindow = value;
      if (name === 'dnstmr') settings.nameTimeout = value * 1_000;
      return ok();
    },
  },
  {
    command: '+CIPCFG',
    // No blank after the colon.
    test: (_, { profile }) =>
      ok(
        '+CIPCFG:"transwaittm",(5-1000)',
        ...(profile.configuresDataEcho ? ['+CIPCFG:"DATAECHO",(ON,OFF)'] : []),
      ),
    read: (_, { profile, settings }) =>
      ok(
        `+CIPCFG: "transwaittm",${settings.packingTime}`,
        ...(profile.configuresDataEcho ? [`+CIPCFG: "DATAECHO",${settings.dataEcho ? 'ON' : 'OFF'}`] : []),
      ),
    write: ({ values }, module) => configure(values, module),
  },
];

/** Of `AT+CSOC` (protocol 3.17); only that of the Mss has a source. */
const TCP_RANGES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  'tcp srxt': [1, 6],
  'tcp rxt': [1, 6],
  mss: [640, 1_500],
  recvwin: [640, 64_240],
  dnstmr: [1, 120],
};

function configure([key = '', value = '']: readonly string[], { profile, settings }: Module): FinalReply {
  if (key.toLowerCase() === 'transwaittm') {
    const time = number(value, 5, 1_000);
    if (time === undefined) return refuse();
    settings.packingTime = time;
    return ok();
  }
  const echo = value.toUpperCase();
  const known = key.toUpperCase() === 'DATAECHO' && profile.configuresDataEcho;
  if (!known || (echo !== 'ON' && echo !== 'OFF')) return refuse();
  settings.dataEcho = echo === 'ON';
  return ok();
}
