import { addressOf } from '../../networks/mobile/tpdu/address.js';
import type { Behaviour } from '../at/behaviour.js';
import { cmeError, ok, okSpaced, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import { characterSetOf, toHost } from '../mobile/character-set.js';
import { subscriberOf } from '../mobile/subscriber.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';

/** Codes of `+CME ERROR`. */
const NOT_SUPPORTED = 4;
const WRONG_PASSWORD = 16;

/** What can be locked (AT command manual, 6.2.3). */
const FACILITIES = ['SC', 'AO', 'OI', 'OX', 'AI', 'IR', 'AB', 'AG', 'AC', 'FD', 'PN', 'PU', 'PP', 'PC'];

/** Facilities with a password, and how long that can be (AT command manual, 6.2.4). */
const PASSWORDS: readonly (readonly [string, number])[] = [
  ...['AB', 'AC', 'AG', 'AI', 'AO', 'IR', 'OI', 'OX'].map((name) => [name, 4] as const),
  ['SC', 8],
  ['P2', 8],
];

/** Whether the SIM asks for its PIN after a start, which the SIM itself keeps. */
const pinLockOf = perModule((module) => {
  const lock = { on: false };
  module.watchPower((power) => {
    if (power === 'starting' && lock.on && module.surroundings.sim === 'READY')
      module.surroundings.sim = 'SIM PIN';
  });
  return lock;
});

/** Preferred operators (`AT+CPOL`), which the SIM keeps: index, format, number. */
const operatorsOf = perModule((): Map<number, string> => new Map());

/** Locks, passwords, and what else the SIM holds (AT command manual, 4.2.5, 6.2, 8.2.5). */
export const facilities: readonly Behaviour[] = [
  {
    command: '+CLCK',
    test: () => ok(`+CLCK: (${FACILITIES.map((name) => `"${name}"`).join()})`),
    write: ({ values }, module) => lock(values, module),
  },
  {
    command: '+CPWD',
    test: () => ok(`+CPWD: ${PASSWORDS.map(([name, length]) => `("${name}",${length})`).join()}`),
    write: ({ values: [facility = '', before = '', after = ''] }, { surroundings }) => {
      if (!PASSWORDS.some(([name]) => name === facility)) return refuse();
      if (facility !== 'SC') return cmeError(NOT_SUPPORTED);
      if (before !== surroundings.pin) return cmeError(WRONG_PASSWORD);
      if (!/^\d{4,8}$/.test(after)) return refuse();
      surroundings.pin = after;
      return ok();
    },
  },
  {
    command: '+SPIC',
    test: () => ok(),
    execute: (_, { surroundings: { sim } }) =>
      typeof sim === 'string' ? ok('+SPIC: 3,10,3,10') : cmeError(sim.cme),
  },
  {
    command: '+CNUM',
    test: () => ok(),
    execute: (_, module) => {
      const { state } = module.sim;
      if (typeof state !== 'string') return cmeError(state.cme);
      const { number: own } = subscriberOf(module).attachment;
      return ok(`+CNUM: "","${own}",${addressOf(own).type}`);
    },
  },
  {
    command: '+CSPN',
    test: () => ok(),
    read: (_, module) => {
      const { state } = module.sim;
      if (typeof state !== 'string') return cmeError(state.cme);
      return ok(`+CSPN: "${toHost(module.surroundings.operator, characterSetOf(module).current)}",0`);
    },
  },
  {
    command: '+CPOL',
    test: () => ok('+CPOL: (1-80),(0-2)'),
    read: (_, module) =>
      okSpaced(
        ...[...operatorsOf(module)]
          .sort(([one], [other]) => one - other)
          .map(([index, operator]) => `+CPOL: ${index},2,"${operator}"`),
      ),
    write: ({ values: [indexText, formatText, operator = ''] }, module) => {
      const index = number(indexText, 1, 80);
      const format = optional(formatText, 0, 2, 2);
      if (index === undefined || format === undefined) return refuse();
      if (formatText === undefined) operatorsOf(module).delete(index);
      else if (format === 2 && /^\d{5,6}$/.test(operator)) operatorsOf(module).set(index, operator);
      else return refuse();
      return ok();
    },
  },
];

function lock([facility = '', modeText, password, classText]: readonly string[], module: Module): Reply {
  const mode = number(modeText, 0, 2);
  if (mode === undefined || !FACILITIES.includes(facility) || optional(classText, 1, 255, 7) === undefined)
    return refuse();
  const { state } = module.sim;
  if (typeof state !== 'string') return cmeError(state.cme);
  const pinLock = pinLockOf(module);
  if (mode === 2) return ok(`+CLCK: ${facility === 'SC' && (pinLock.on || state !== 'READY') ? 1 : 0}`);
  if (facility !== 'SC') return cmeError(NOT_SUPPORTED);
  if (password !== module.surroundings.pin) return cmeError(WRONG_PASSWORD);
  return okThen(() => {
    pinLock.on = mode === 1;
  });
}
