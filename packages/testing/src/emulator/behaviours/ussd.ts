import type { Behaviour } from '../at/behaviour.js';
import { cmeError, ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import { characterSetOf, fromHost } from '../mobile/character-set.js';
import { subscriberOf } from '../mobile/subscriber.js';
import { ussdOf } from '../mobile/ussd.js';
import type { Module } from '../module.js';

const NO_SERVICE = 30;
/** `<n>` that ends a session. */
const CANCEL = 2;

/** USSD (AT command manual, 4.2.3; 3GPP TS 27.007, 7.15). */
export const ussd: readonly Behaviour[] = [
  {
    command: '+CUSD',
    test: () => ok('+CUSD: (0-2)'),
    read: (_, module) => ok(`+CUSD: ${ussdOf(module).presents}`),
    execute: (_, module) => {
      ussdOf(module).presents = 0;
      return ok();
    },
    write: ({ values }, module) => write(values, module),
  },
];

function write([modeText, typed, coding]: readonly string[], module: Module): Reply {
  const mode = number(modeText, 0, CANCEL);
  const text = typed === undefined ? undefined : fromHost(typed, characterSetOf(module).current);
  if (mode === undefined || optional(coding, 0, 255, 15) === undefined) return refuse();
  if (typed !== undefined && (text === undefined || text === '')) return refuse();
  const { attachment } = subscriberOf(module);
  if (mode === CANCEL) {
    attachment.cancelUssd();
    return ok();
  }
  ussdOf(module).presents = mode;
  if (text === undefined) return ok();
  if (!module.radio.serving) return cmeError(NO_SERVICE);
  return okThen(() => ussdOf(module).present(attachment.ussd(text)));
}
