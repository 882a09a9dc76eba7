import type { Calls } from './calls.js';
import { isTalking, type ModuleCall } from './module-call.js';

/** What `AT+CHLD` does, by its first digit (3GPP TS 27.007, 7.13). */
const RELEASE_HELD = '0';
const RELEASE_ACTIVE = '1';
const HOLD = '2';
const JOIN = '3';

/**
 * Carries out `AT+CHLD`.
 *
 * @param action A digit, and the number of one call after `1` or `2`.
 * @returns Whether there was something to do.
 */
export function controlCalls(calls: Calls, action: string): boolean {
  const [digit = '', id = ''] = action;
  const named = calls.all.find((call) => String(call.id) === id);
  if (id !== '' && named === undefined) return false;
  switch (digit) {
    case RELEASE_HELD:
      return releaseHeld(calls);
    case RELEASE_ACTIVE:
      if (named === undefined) return releaseActive(calls);
      named.end.hangUp();
      return true;
    case HOLD:
      return named === undefined ? swap(calls) : holdAllBut(named, calls);
    case JOIN: {
      const held = calls.all.filter((call) => call.held);
      for (const call of held) call.held = false;
      return held.length > 0;
    }
    default:
      return false;
  }
}

/** A call that waits is rejected; where there is none, the held ones end. */
function releaseHeld(calls: Calls): boolean {
  const { incoming } = calls;
  const chosen = incoming === undefined ? calls.all.filter((call) => call.held) : [incoming];
  for (const { end } of chosen) end.hangUp();
  return chosen.length > 0;
}

/** The active calls end; the one that waits is answered, or the held ones go on. */
function releaseActive(calls: Calls): boolean {
  const active = calls.all.filter(isTalking);
  for (const { end } of active) end.hangUp();
  return takeOther(calls) || active.length > 0;
}

/** The active calls are held; the one that waits is answered, or the held ones go on. */
function swap(calls: Calls): boolean {
  const active = calls.all.filter(isTalking);
  const taken = takeOther(calls);
  for (const call of active) call.held = true;
  return taken || active.length > 0;
}

function holdAllBut(chosen: ModuleCall, calls: Calls): boolean {
  for (const call of calls.all) if (call.end.state === 'active') call.held = call !== chosen;
  return true;
}

function takeOther(calls: Calls): boolean {
  const { incoming } = calls;
  const held = calls.all.filter((call) => call.held);
  if (incoming === undefined) for (const call of held) call.held = false;
  else incoming.end.answer();
  return incoming !== undefined || held.length > 0;
}
