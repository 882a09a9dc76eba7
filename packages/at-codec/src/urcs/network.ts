import {
  readSignal,
  readSystemInformation,
  type SignalQuality,
  type SystemInformation,
} from '../commands/radio.js';
import { type Registration, readRegistration } from '../commands/registration.js';
import { byIntegers } from '../decoder/condition.js';
import type { Urc } from '../decoder/line.js';
import { type Notice, notice, readEvent } from '../urc.js';

/** `+CPIN: <state>`: what the SIM waits for, `READY`, `SIM REMOVED`, … */
export const simState: Urc<{ readonly state: string }> = {
  text: '+CPIN',
  match: 'name',
  section: 'manual 6',
  read: (line) => ({ state: line.field(0) ?? '' }),
};

/** `+SIMCARD: NOT AVAILABLE`: the SIM was removed or has failed. */
export const simCard: Urc<Notice> = /* @__PURE__ */ notice('+SIMCARD', 'name', 'manual 6');

/** `+CGEV: <event>`: something happened to a PDP context: `EPS PDN ACT 1`, `ME DETACH`, … */
export const packetEvent: Urc<{ readonly event: string }> = {
  text: '+CGEV',
  match: 'name',
  section: 'manual 5',
  read: readEvent,
};

const registrationChanged = (text: string): Urc<Registration> => ({
  text,
  match: 'name',
  section: 'manual 4',
  accepts: byIntegers(
    (count) => count === 1 || undefined,
    (line) => line.quoted(1) && !Number.isNaN(line.int(0)),
  ),
  read: (line) => readRegistration(line, 0),
});

/** `+CREG: <stat>`, with the place when that was asked for; a reply has a number more. */
export const cregChanged = /* @__PURE__ */ registrationChanged('+CREG');
/** `+CGREG: <stat>`, likewise. */
export const cgregChanged = /* @__PURE__ */ registrationChanged('+CGREG');
/** `+CEREG: <stat>`, likewise. */
export const ceregChanged = /* @__PURE__ */ registrationChanged('+CEREG');

/** `+CSQ: <rssi>,<ber>`, when `+AUTOCSQ` is on: the very words of the reply. */
export const signalChanged: Urc<SignalQuality> = {
  text: '+CSQ',
  match: 'name',
  section: 'manual 3',
  accepts: /* @__PURE__ */ byIntegers((count) => count === 2),
  read: readSignal,
};

/** `+CPSI: …`, when reports were asked for. */
export const systemChanged: Urc<SystemInformation> = {
  text: '+CPSI',
  match: 'name',
  section: 'manual 4',
  read: readSystemInformation,
};
