import { type AtEvent, packetEvent, simCard, simState, startup, type Urc } from '@a7600/at-codec';

/** Events of the packet domain after which the bearer may be gone: `NW PDN DEACT 1`, `ME DETACH`, … */
const BEARER_MAY_BE_GONE = /DEACT|DETACH|REATTACH/;

const SIGNS: ReadonlySet<Urc<unknown> | undefined> = new Set<Urc<unknown>>([simState, simCard, ...startup]);

/**
 * Whether something that no command was answered with is a sign that what is believed about the module is
 * not true any more. It is no proof: the module has to be asked.
 *
 * - `+CPIN`, `+SIMCARD`: nothing asks for the SIM once the modem is ready, so the module has restarted, or
 *   the SIM is gone.
 * - `+CGEV` that says that a context was deactivated, or the module detached.
 * - `NO CARRIER`.
 * - Lines that a module prints late after a restart (`SMS DONE`, …), and lines that are not known: a
 *   damaged `*ATREADY` or `+CIPEVENT` looks like one of those.
 */
export function isHint(event: AtEvent): boolean {
  switch (event.kind) {
    case 'noise':
    case 'text':
      return true;
    case 'result':
      return event.result?.connects === true && !event.result.ok;
    case 'urc':
      return event.urc === packetEvent ? BEARER_MAY_BE_GONE.test(event.text) : SIGNS.has(event.urc);
    default:
      return false;
  }
}

/** Whether an event says that data mode begins. */
export function isConnect(event: AtEvent): boolean {
  return event.kind === 'result' && event.result?.connects === true && event.result.ok;
}
