import type { ForwardingReason } from '../../networks/mobile/forwarding.js';
import { addressOf } from '../../networks/mobile/tpdu/address.js';
import type { Behaviour } from '../at/behaviour.js';
import { cmeError, ok, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import { subscriberOf } from '../mobile/subscriber.js';
import type { Module } from '../module.js';

/** Codes of `+CME ERROR`. */
const NOT_ALLOWED = 3;
const NO_SERVICE = 30;

/** Classes of a service: voice, data and fax (AT command manual, 7.2.8). */
const ALL_CLASSES = 7;

/** Time in s that a call rings before it is forwarded, unless told otherwise. */
const USUAL_TIME = 20;

/** `<reason>` (AT command manual, 7.2.7). */
const REASONS: readonly ForwardingReason[] = ['unconditional', 'busy', 'not answered', 'unreachable'];
const ALL = 4;
const ALL_CONDITIONAL = 5;

/** `<mode>`. */
const MODE = { disable: 0, enable: 1, query: 2, register: 3, erase: 4 } as const;

/** Call forwarding (AT command manual, 7.2.7; 3GPP TS 27.007, 7.11). */
export const forwarding: readonly Behaviour[] = [
  {
    command: '+CCFC',
    test: () => ok('+CCFC: (0,1,2,3,4,5)'),
    write: ({ values }, module) => forward(values, module),
  },
];

function forward(values: readonly string[], module: Module): Reply {
  const [reasonText, modeText, to = '', typeText, classText, , , timeText] = values;
  const reason = number(reasonText, 0, ALL_CONDITIONAL);
  const mode = number(modeText, 0, MODE.erase);
  const seconds = optional(timeText, 1, 30, USUAL_TIME);
  const known =
    optional(typeText, 128, 255, 129) !== undefined && optional(classText, 1, 255, 7) !== undefined;
  if (reason === undefined || mode === undefined || seconds === undefined || !known) return refuse();
  if (!module.radio.serving) return cmeError(NO_SERVICE);
  const { forwardings } = subscriberOf(module).attachment;
  const reasons = reasonsOf(reason);
  switch (mode) {
    case MODE.query: {
      const [first] = reasons;
      return first !== undefined && reasons.length === 1 ? ok(line(first, module)) : refuse();
    }
    case MODE.register:
      if (!/^\+?[\d*#]+$/.test(to)) return refuse();
      for (const each of reasons) forwardings.set(each, { number: to, active: true, seconds });
      return ok();
    case MODE.erase:
      for (const each of reasons) forwardings.delete(each);
      return ok();
    default: {
      // What was never registered cannot be switched on.
      const there = reasons.filter((each) => forwardings.has(each));
      if (mode === MODE.enable && there.length === 0) return cmeError(NOT_ALLOWED);
      for (const each of there) {
        const way = forwardings.get(each);
        if (way !== undefined) forwardings.set(each, { ...way, active: mode === MODE.enable });
      }
      return ok();
    }
  }
}

function reasonsOf(reason: number): readonly ForwardingReason[] {
  if (reason === ALL) return REASONS;
  return reason === ALL_CONDITIONAL ? REASONS.slice(1) : REASONS.slice(reason, reason + 1);
}

/** `+CCFC: <status>,<class>[,<number>,<type>[,,,<time>]]`. */
function line(reason: ForwardingReason, module: Module): string {
  const way = subscriberOf(module).attachment.forwardings.get(reason);
  if (way === undefined) return `+CCFC: 0,${ALL_CLASSES}`;
  const time = reason === 'not answered' ? `,,,${way.seconds}` : '';
  return `+CCFC: ${way.active ? 1 : 0},${ALL_CLASSES},"${way.number}",${addressOf(way.number).type}${time}`;
}
