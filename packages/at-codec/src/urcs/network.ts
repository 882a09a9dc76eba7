import { type Registration, readRegistration } from '../commands/radio.js';
import type { Urc } from '../urc.js';

/** `+CPIN: <state>`: what the SIM waits for, `READY`, `SIM REMOVED`, … */
export const simState: Urc<{ readonly state: string }> = {
  text: '+CPIN',
  match: 'name',
  section: 'AT command manual, 5',
  read: (line) => ({ state: line.fields[0] ?? '' }),
};

/** `+CGEV: <event>`: something happened to a PDP context: `EPS PDN ACT 1`, `ME DETACH`, … */
export const packetEvent: Urc<{ readonly event: string }> = {
  text: '+CGEV',
  match: 'name',
  section: 'AT command manual, 4',
  read: (line) => ({ event: line.fields.join(',') }),
};

const registrationChanged = (text: string): Urc<Registration> => ({
  text,
  match: 'name',
  section: 'AT command manual, 4',
  accepts: (line) => !Number.isNaN(line.int(0)) && (line.count === 1 || line.quoted(1)),
  read: (line) => readRegistration(line, 0),
});

/** `+CREG: <stat>`, with the place when that was asked for; a reply has a number more. */
export const cregChanged = /* @__PURE__ */ registrationChanged('+CREG');
/** `+CGREG: <stat>`, likewise. */
export const cgregChanged = /* @__PURE__ */ registrationChanged('+CGREG');
/** `+CEREG: <stat>`, likewise. */
export const ceregChanged = /* @__PURE__ */ registrationChanged('+CEREG');
