import { GUARD_TIME } from '../base/guard-time.js';
import type { LineEffect } from './effects.js';
import { abandon } from './escape.js';
import type { LineEvent } from './events.js';
import { begin, type Step, settle, waits } from './operations.js';
import type { LineState } from './state.js';
import { after, ending, fresh, NEVER, same, toCommandByLines } from './steps.js';
import { DRAIN_TIME, SEND_LIMIT } from './times.js';

const DATA: LineEffect = { kind: 'dataMode' };

/** `CONNECT` came where it was awaited. */
export function carryData(state: LineState): Step {
  const data: LineState = { ...state, mode: 'data', doubt: undefined, questions: 0, due: NEVER };
  if (state.unwanted || waits(state, 'abort')) return after([DATA], toHangingUp(data));
  const { state: settled, effects } = settle(data, 'done', 'enterDataMode', 'enterCommandMode');
  const drains: LineEffect[] = waits(state, 'close') ? [{ kind: 'drainPayload' }] : [];
  return same(settled, DATA, ...drains, { kind: 'releasePayload' }, ...effects);
}

/** The module may have a connection that nothing here wants. */
export function hangUpDedicated(state: LineState): Step {
  return same({ ...fresh(state), mode: 'hangingUp', unwanted: true }, DATA, { kind: 'closeLink' });
}

/** A client was announced, and its `CONNECT` did not come. */
export function giveUpDedicated(state: LineState, { now }: LineEvent): Step {
  if (now < state.due) return same(state, { kind: 'wake', at: state.due });
  return after([ending('unconfirmed')], hangUpDedicated(state));
}

/** The connection may have ended: the module is asked, once at a time. */
export function verifyBeside(state: LineState, event: LineEvent): Step {
  // The answer that is awaited may be older than what raises this doubt.
  if (state.doubt !== undefined) return same({ ...state, questions: 1 });
  const doubt = event.kind === 'doubted' ? event.doubt : 'closed';
  return same({ ...state, doubt, questions: 0 }, { kind: 'verify' });
}

/** The module says whether it has the connection. */
export function judgeBeside(state: LineState, event: LineEvent): Step {
  if (event.kind !== 'verified') return same(state);
  if (event.link === 'gone') return drainReceived(state, event.now);
  // The next client has the line, and sends data: nothing of this connection is to come any more.
  if (event.link === 'another') return leaveToNext(state);
  if (state.questions > 0) return same({ ...state, questions: 0 }, { kind: 'verify' });
  return same({ ...state, doubt: undefined }, { kind: 'trust' });
}

/** What was kept can only be data. */
export function deliverKept(state: LineState): Step {
  return same(state, { kind: 'trust' });
}

/** The connection has ended on the module: waits for what it has received. */
function drainReceived(state: LineState, now: number): Step {
  const due = now + DRAIN_TIME;
  return same({ ...state, mode: 'draining', doubt: undefined, due }, { kind: 'wake', at: due });
}

/** Something arrives. */
export function keepDraining(state: LineState, { now }: LineEvent): Step {
  return same({ ...state, due: now + DRAIN_TIME });
}

/** Nothing has arrived for a while. */
export function drainedOut(state: LineState, { now }: LineEvent): Step {
  if (now < state.due) return same(state, { kind: 'wake', at: state.due });
  if (state.unwanted) return finishDraining(state);
  // A consumer that has paused holds back what comes.
  const due = now + DRAIN_TIME;
  return same({ ...state, due }, { kind: 'wake', at: due }, { kind: 'reportExhausted' });
}

/** Everything has arrived, or is not wanted: the port takes commands again. */
export function finishDraining(state: LineState, event?: LineEvent): Step {
  const begun = event === undefined ? { state, effects: [] } : begin(state, event);
  const ends = event?.kind === 'lost' ? ending('lost') : ending('closedByModule');
  const { state: ended, effects } = toCommandByLines(begun.state, ends);
  // The lines may announce a client that has the line already: it is sent no command.
  return same(ended, ...begun.effects, ...effects, { kind: 'commandMode', resync: true });
}

/** The next client has the line, and may not have been announced: no command is sent where it would reach that client. */
function leaveToNext(state: LineState): Step {
  const { state: ended, effects } = toCommandByLines(
    { ...state, doubt: undefined },
    ending('closedByModule'),
  );
  return same(ended, { kind: 'replaced' }, ...effects, { kind: 'carriesNext' });
}

/** What was written is to leave the port and the module before the connection is closed. */
export function empty(state: LineState, event: LineEvent): Step {
  const begun = begin(state, event);
  const due = event.now + SEND_LIMIT;
  return same(
    { ...begun.state, mode: 'emptying', unwanted: true, due },
    ...begun.effects,
    { kind: 'holdPayload' },
    { kind: 'wake', at: due },
  );
}

/** Everything that was written is accepted. */
export function emptyDrained(state: LineState, event: LineEvent): Step {
  return waits(state, 'close') ? empty(state, event) : same(state);
}

/** The last byte has left the port; the module packs what it gets before it sends it. */
export function settleSent(state: LineState, event: LineEvent): Step {
  if (event.kind !== 'held') return same(state);
  const due = Math.max(event.silentFrom, event.now) + GUARD_TIME;
  return same({ ...state, due }, { kind: 'wake', at: due });
}

/** What was written has had its time. */
export function emptied(state: LineState, { now }: LineEvent): Step {
  return now < state.due ? same(state, { kind: 'wake', at: state.due }) : toHangingUp(state);
}

/** The network is gone, or the connection was given up. */
export function loseDedicated(state: LineState): Step {
  const abandoned = abandon(state);
  return after(abandoned.effects, toHangingUp(abandoned.state));
}

/** The connection is closed: what still arrives is discarded. */
export function discardRest(state: LineState, { now }: LineEvent): Step {
  const due = now + DRAIN_TIME;
  return same({ ...state, mode: 'draining', due }, { kind: 'wake', at: due });
}

function toHangingUp(state: LineState): Step {
  return same(
    { ...state, mode: 'hangingUp', unwanted: true, doubt: undefined, due: NEVER },
    ending('closedHere'),
    { kind: 'closeLink' },
  );
}
