import type { Ending, LineEffect } from './effects.js';
import { type Step, settle, settleAll, waits } from './operations.js';
import { initialState, type LineState } from './state.js';

/** No timer is running. */
export const NEVER = Number.POSITIVE_INFINITY;

/** The same mode. */
export function same(state: LineState, ...effects: readonly LineEffect[]): Step {
  return { state, effects };
}

/** `step` after `effects`. */
export function after(effects: readonly LineEffect[], { state, effects: more }: Step): Step {
  return { state, effects: [...effects, ...more] };
}

export function ending(how: Ending): LineEffect {
  return { kind: 'endConnection', ending: how };
}

/** What a new connection begins with. */
export function fresh(state: LineState): LineState {
  const { verifiedAt } = initialState;
  return { ...state, unwanted: false, stay: false, doubt: undefined, verifiedAt, due: NEVER };
}

/** There is no connection any more. */
export function toCommand(state: LineState, ...effects: readonly LineEffect[]): Step {
  const { state: settled, effects: ends } = settleAll(state);
  return {
    state: { ...fresh(settled), mode: 'command' },
    effects: [...effects, { kind: 'freeLink' }, ...ends],
  };
}

/** The same when the module has said so; the lines in which it did are read once the connection is gone. */
export function toCommandByLines(state: LineState, ...effects: readonly LineEffect[]): Step {
  const { state: ended, effects: ends } = toCommand(state, { kind: 'distrust' }, ...effects);
  return same(ended, ...ends, { kind: 'replay' });
}

/** Asks the module to close the connection. */
export function toClosing(state: LineState, how: Ending = 'closedHere'): Step {
  const { state: settled, effects } = settle(state, 'gone', 'enterCommandMode', 'enterDataMode');
  return {
    state: { ...settled, mode: 'closing', unwanted: true, doubt: undefined },
    effects: [ending(how), ...effects, { kind: 'closeLink' }],
  };
}

/** Goes back to data mode. */
export function toReturning(state: LineState): Step {
  return same({ ...state, mode: 'returning', stay: false }, { kind: 'return' });
}

/** Commands can be sent: goes on with what was asked for. */
export function resolve(state: LineState): Step {
  const wantsCommands = state.stay || waits(state, 'enterCommandMode');
  const closes = state.unwanted || waits(state, 'abort') || (wantsCommands && waits(state, 'close'));
  if (closes) return toClosing(state);
  const { state: settled, effects } = settle(state, 'done', 'enterCommandMode');
  if (wantsCommands && !waits(state, 'enterDataMode'))
    return { state: { ...settled, mode: 'onlineCommand', stay: false }, effects };
  return after(effects, toReturning(settled));
}
