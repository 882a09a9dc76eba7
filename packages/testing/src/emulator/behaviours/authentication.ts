import type { Behaviour } from '../at/behaviour.js';
import { ok, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';

const PAP = 1;

/** Longest name and password (AT command manual, 5.2.16). */
const LONGEST = 50;

/** Authentication of PDP contexts, and the events of the packet domain (AT command manual, 5.2.15 and 5.2.16). */
export const authentication: readonly Behaviour[] = [
  {
    command: '+CGAUTH',
    test: () => ok('+CGAUTH: (1-15),(0-2),50,50'),
    // The password is never shown.
    read: (_, module) =>
      ok(
        ...[...module.stored.credentials].map(
          ([cid, { type, user }]) => `+CGAUTH: ${cid},${type}${type === 0 ? '' : `,"${user}",""`}`,
        ),
      ),
    execute: (_, module) => {
      module.stored.credentials.clear();
      return ok();
    },
    write: ({ values: [cidText, typeText, password = '', user = '', ...more] }, module) => {
      const cid = number(cidText, 1, 15);
      const type = optional(typeText, 0, 2, 0);
      if (cid === undefined || type === undefined || more.length > 0) return refuse();
      if (Math.max(password.length, user.length) > LONGEST) return refuse();
      // CHAP needs a password, PAP a name as well.
      if ((type > 0 && password === '') || (type === PAP && user === '')) return refuse();
      module.stored.credentials.set(cid, { type, password, user });
      return ok();
    },
  },
  {
    command: '+CSOCKAUTH',
    family: 'sim7600',
    test: () => ok('+CSOCKAUTH: (1-16),(0-2),"USER","PASSWD"'),
    read: (_, module) =>
      ok(
        ...[...module.stored.credentials].map(
          ([cid, { type, user }]) => `+CSOCKAUTH: ${cid},${type}${type === 0 ? '' : `,"${user}",""`}`,
        ),
      ),
    write: ({ values: [cidText, typeText, user = '', password = ''] }, module) => {
      const cid = number(cidText, 1, 16);
      const type = optional(typeText, 0, 2, 0);
      if (cid === undefined || type === undefined) return refuse();
      module.stored.credentials.set(cid, { type, password, user });
      return ok();
    },
  },
  {
    // The contexts are those of AT+CGDCONT (SIM7500_SIM7600 TCPIP application note).
    command: '+CGSOCKCONT',
    family: 'sim7600',
    test: () => ok(...['IP', 'IPV6', 'IPV4V6'].map((type) => `+CGSOCKCONT: (1-16),"${type}",,,(0-2),(0-4)`)),
    read: (_, { stored }) =>
      ok(
        ...[...stored.contexts].map(
          ([cid, { type, apn }]) => `+CGSOCKCONT: ${cid},"${type}","${apn}","0.0.0.0",0,0`,
        ),
      ),
    write: ({ values: [cidText, type, apn = ''] }, { stored }) => {
      const cid = number(cidText, 1, 16);
      if (cid === undefined) return refuse();
      if (type === undefined) stored.contexts.delete(cid);
      else if (['IP', 'IPV6', 'IPV4V6'].includes(type)) stored.contexts.set(cid, { type, apn });
      else return refuse();
      return ok();
    },
  },
  {
    command: '+CGEREP',
    test: () => ok('+CGEREP: (0-2),(0-1)'),
    read: (_, { settings }) => ok(`+CGEREP: ${settings.packetEvents},0`),
    execute: (_, { settings }) => {
      settings.packetEvents = 2;
      return ok();
    },
    write: ({ values: [modeText, bufferText, ...more] }, { settings }) => {
      const mode = number(modeText, 0, 2);
      if (mode === undefined || optional(bufferText, 0, 1, 0) === undefined || more.length > 0)
        return refuse();
      settings.packetEvents = mode;
      return ok();
    },
  },
];
