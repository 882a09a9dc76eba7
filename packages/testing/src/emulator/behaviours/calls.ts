import type { Behaviour } from '../at/behaviour.js';
import { cmeError, ok, okThen, type Reply, refuse, result } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import { callSettings } from '../calls/call-settings.js';
import { callsOf } from '../calls/calls.js';
import { controlCalls } from '../calls/hold.js';
import { subscriberOf } from '../mobile/subscriber.js';
import type { Module } from '../module.js';

/** Codes of `+CME ERROR`. */
const NOT_ALLOWED = 3;
const NO_SERVICE = 30;

/** Classes of a service: voice, data and fax (AT command manual, 7.2.8). */
const ALL_CLASSES = 7;

/** Voice calls (AT command manual, 2.2.1 to 2.2.4, 7.2). */
export const calls: readonly Behaviour[] = [
  {
    command: 'D',
    write: ({ values: [dialled = ''] }, module) => dial(dialled, module),
    execute: () => refuse(),
  },
  {
    command: 'A',
    execute: (_, module) =>
      callsOf(module).incoming === undefined ? result('NO CARRIER') : okThen(() => callsOf(module).answer()),
  },
  {
    // It ends a call or a PPP session; sockets are not its business.
    command: 'H',
    maxTime: 120_000,
    execute: (_, module) => hangUp(module),
    write: (_, module) => hangUp(module),
  },
  {
    command: '+CHUP',
    test: () => ok(),
    execute: (_, module) => okThen(() => callsOf(module).hangUp()),
  },
  {
    ...callSettings.lineIdentification.behaviour,
    read: (_, module) => ok(`+CLIP: ${callSettings.lineIdentification.get(module)},1`),
  },
  {
    ...callSettings.restriction.behaviour,
    read: (_, module) => ok(`+CLIR: ${callSettings.restriction.get(module)},0`),
  },
  {
    ...callSettings.listing.behaviour,
    execute: (_, module) => ok(...callsOf(module).all.map((call) => callsOf(module).listing(call))),
  },
  {
    ...callSettings.waiting.behaviour,
    test: () => ok('+CCWA: (0-1),(0-2),(1-255)'),
    write: ({ values }, module) => callWaiting(values, module),
  },
  callSettings.extendedRing.behaviour,
  callSettings.hangUpControl.behaviour,
  {
    ...callSettings.connectedLine.behaviour,
    read: (_, module) => ok(`+COLP: ${callSettings.connectedLine.get(module)},1`),
  },
  {
    command: '+CHLD',
    test: () => ok('+CHLD: (0,1,1x,2,2x,3)'),
    write: ({ values: [action = '', ...more] }, module) => {
      if (!/^([03]|[12][1-3]?)$/.test(action) || more.length > 0) return refuse();
      return controlCalls(callsOf(module), action) ? ok() : cmeError(NOT_ALLOWED);
    },
  },
  {
    command: '+CPAS',
    test: () => ok('+CPAS: (0,3,4)'),
    execute: (_, module) => ok(`+CPAS: ${activity(module)}`),
  },
  { command: '+CEER', test: () => ok(), execute: (_, module) => ok(`+CEER: "${callsOf(module).lastCause}"`) },
  {
    command: '+VTS',
    test: () => ok('+VTS: (0-9,*,#,A,B,C,D)'),
    write: ({ values: [tones = ''] }, module) => {
      const { active } = callsOf(module);
      if (!/^[\d*#A-D]{1,32}$/i.test(tones)) return refuse();
      if (active === undefined) return cmeError(NOT_ALLOWED);
      return okThen(() => callsOf(module).sendTones(tones.toUpperCase()));
    },
  },
  callSettings.toneTime.behaviour,
];

/** The digits that are dialled; modifiers of V.25ter are ignored (AT command manual, 2.2.1). */
function dial(typed: string, module: Module): Reply {
  const text = typed.replace(/[\s"TPW!@,]/gi, '');
  const match = /^(\+?[\d*#ABC]+)([IG]*);?$/i.exec(text);
  const voice = text.endsWith(';');
  // Without a semicolon it would be a data call: there is no PPP here, and fax is long gone.
  if (!voice) return result('NO CARRIER');
  if (match === null) return refuse();
  const [, digits = '', modifiers = ''] = match;
  if (!module.radio.serving) return cmeError(NO_SERVICE);
  // One may be held while another one is dialled, no more.
  const { all } = callsOf(module);
  if (all.length > 1 || all.some(({ end }) => end.state !== 'active')) return cmeError(NOT_ALLOWED);
  const withheld = modifiers.includes('I') || callSettings.restriction.get(module) === 1;
  return okThen(() => callsOf(module).dial(subscriberOf(module).attachment.dial(digits, withheld)));
}

function hangUp(module: Module): Reply {
  const voice = callSettings.hangUpControl.get(module) === 0;
  return voice ? okThen(() => callsOf(module).hangUp()) : ok();
}

function activity(module: Module): number {
  const all = callsOf(module);
  if (all.incoming !== undefined) return 3;
  return all.all.length > 0 ? 4 : 0;
}

function callWaiting([presents, mode, classes]: readonly string[], module: Module): Reply {
  const shows = number(presents, 0, 1);
  const asked = mode === undefined ? undefined : number(mode, 0, 2);
  if (shows === undefined || (mode !== undefined && asked === undefined)) return refuse();
  if (optional(classes, 1, 255, ALL_CLASSES) === undefined) return refuse();
  const on = callSettings.waiting.get(module);
  callSettings.waiting.set(shows, module);
  return asked === 2 ? ok(`+CCWA: ${on},${ALL_CLASSES}`) : ok();
}
