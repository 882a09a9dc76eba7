import * as dedicated from './dedicated.js';
import type { LineEffect } from './effects.js';
import * as leaving from './escape.js';
import type { LineEvent } from './events.js';
import { answer, begin, type Step, settle, settleAll, waits } from './operations.js';
import type { LineState } from './state.js';
import {
  after,
  ending,
  fresh,
  NEVER,
  resolve,
  same,
  toClosing,
  toCommand,
  toCommandByLines,
  toReturning,
} from './steps.js';
import { CONNECT_TIME } from './times.js';
import type { ReactionName } from './transitions.js';

/** What the line does about an event. */
export type Reaction = (state: LineState, event: LineEvent) => Step;

/** Reactions, by the names that the table uses. */
export const reactions: Readonly<Record<ReactionName, Reaction>> = {
  ignore: (state) => same(state),
  open,
  replace,
  enterData,
  hangUp: (state, { now }) => leaving.leave({ ...fresh(state), unwanted: true, silentFrom: now }, now, DATA),
  leaveAgain,
  refuseOpening: (state) => toCommand(state),
  refuseReturn,
  recover,
  doubt: (state, event) =>
    event.kind === 'doubted'
      ? leaving.leave({ ...state, doubt: event.doubt }, event.now, { kind: 'withhold' })
      : same(state),
  doubtToo: (state, event) =>
    event.kind === 'doubted' ? same({ ...state, doubt: state.doubt ?? event.doubt }) : same(state),
  trust: leaving.trust,
  leave: (state, event) => {
    const begun = begin(state, event);
    return after(begun.effects, leaving.leave(begun.state, event.now));
  },
  queue: begin,
  queueInEscape: leaving.queueInEscape,
  drain: (state, event) => {
    const { state: begun, effects } = begin(state, event);
    return same(begun, ...effects, { kind: 'drainPayload' });
  },
  drained: (state, { now }) =>
    waits(state, 'close') ? leaving.leave({ ...state, unwanted: true }, now) : same(state),
  complete: (state, event) => answer(state, event, 'done'),
  fail: (state, event) => answer(state, event, 'gone'),
  goBack: (state, event) => {
    const begun = begin(state, event);
    return after(begun.effects, toReturning(begun.state));
  },
  close: (state, event) => toClosing(begin(state, event).state),
  beginSilence: leaving.beginSilence,
  beginWait: leaving.beginWait,
  extendWait: leaving.extendWait,
  prove: leaving.prove,
  askAgain: leaving.askAgain,
  proceed: leaving.proceed,
  giveUpOpening: (state, { now }) => {
    if (now < state.due) return same(state, { kind: 'wake', at: state.due });
    return leaving.leave({ ...state, unwanted: true, silentFrom: now }, now, DATA, ending('unconfirmed'));
  },
  judge: (state, event) => {
    const found = event.kind === 'verified' ? event.link : 'open';
    if (found === 'gone') return toCommandByLines(state, ending('closedByModule'));
    // Data mode was left for the question, so that the next client has no session: it is closed.
    if (found === 'another')
      return after([{ kind: 'replaced' }, { kind: 'distrust' }], toClosing(state, 'closedByModule'));
    return after([{ kind: 'trust' }], resolve({ ...state, doubt: undefined }));
  },
  free: (state) => toCommand(state),
  lose: (state) => toCommand(state, { kind: 'cancelReturn' }, ending('lost')),
  loseInOpening: leaving.abandon,
  loseInData: (state, { now }) => {
    const abandoned = leaving.abandon(state);
    return after(abandoned.effects, leaving.leave(abandoned.state, now));
  },
  loseInEscape: (state) => {
    const abandoned = leaving.abandon(state);
    return after(abandoned.effects, leaving.hurry(abandoned.state));
  },
  peerLeft: (state) => toCommand(state, { kind: 'cancelReturn' }, ending('closedByModule')),
  peerLeftEarly: (state) =>
    state.due === NEVER
      ? same(state)
      : toCommand(state, ending('closedByModule'), { kind: 'commandMode', resync: true }),
  end: (state) =>
    state.mode === 'command' ? same(state) : toCommand(state, { kind: 'cancelReturn' }, ending('lost')),
  carryData: dedicated.carryData,
  hangUpDedicated: dedicated.hangUpDedicated,
  giveUpDedicated: dedicated.giveUpDedicated,
  verifyBeside: dedicated.verifyBeside,
  judgeBeside: dedicated.judgeBeside,
  deliverKept: dedicated.deliverKept,
  keepDraining: dedicated.keepDraining,
  drainedOut: dedicated.drainedOut,
  finishDraining: dedicated.finishDraining,
  empty: dedicated.empty,
  emptyDrained: dedicated.emptyDrained,
  settleSent: dedicated.settleSent,
  emptied: dedicated.emptied,
  loseDedicated: dedicated.loseDedicated,
  discardRest: dedicated.discardRest,
};

const DATA: LineEffect = { kind: 'dataMode' };

/** A connection is being made. Nothing is sent between the report of a client and its `CONNECT`. */
function open(state: LineState, event: LineEvent): Step {
  const opening: LineState = { ...fresh(state), mode: 'opening' };
  if (event.kind !== 'connecting' || !event.announced) return same(opening);
  const due = event.now + CONNECT_TIME;
  return same({ ...opening, due }, { kind: 'holdCommands' }, { kind: 'wake', at: due });
}

/** The module gave the link to another client: the end of the connection before was not heard. */
function replace(state: LineState, event: LineEvent): Step {
  const { state: settled, effects } = settleAll(state);
  const released: LineEffect[] = [{ kind: 'cancelReturn' }, ending('replaced'), { kind: 'freeLink' }];
  return after([...released, ...effects], open(settled, event));
}

/** `CONNECT` came where it was awaited: goes on with what was asked for meanwhile. */
function enterData(state: LineState, { now }: LineEvent): Step {
  const data: LineState = { ...state, mode: 'data', silentFrom: now, doubt: undefined, due: NEVER };
  const { state: settled, effects } = settle(data, 'done', 'enterDataMode');
  if (state.unwanted || waits(state, 'abort', 'enterCommandMode'))
    return after([DATA, ...effects], leaving.leave(settled, now));
  const drains: LineEffect[] = waits(state, 'close') ? [{ kind: 'drainPayload' }] : [];
  return same(settled, DATA, ...drains, { kind: 'releasePayload' }, ...effects);
}

/** `CONNECT` came where it was not awaited: the module is in data mode, whatever was thought before. */
function leaveAgain(state: LineState, { now }: LineEvent): Step {
  const stay = state.mode === 'onlineCommand';
  return leaving.leave({ ...state, stay, silentFrom: now }, now, DATA);
}

/** The module does not go back to data mode. */
function refuseReturn(state: LineState, event: LineEvent): Step {
  if (event.kind === 'refused' && !event.carrier) return toCommand(state, ending('closedByModule'));
  if (!waits(state, 'enterDataMode')) return toClosing(state, 'unconfirmed');
  const { state: settled, effects } = settle(state, 'refused', 'enterDataMode');
  return after(effects, resolve({ ...settled, stay: true }));
}

/** Whether the module is in data mode is unknown: the line leaves it. */
function recover(state: LineState, { now }: LineEvent): Step {
  const asked = state.mode === 'returning' && waits(state, 'enterDataMode');
  const { state: settled, effects } = settle(state, 'refused', 'enterDataMode');
  const next: LineState = { ...settled, stay: asked, unwanted: !asked, silentFrom: now };
  // A caller that opens a connection learns from its command that it was not answered.
  const ends = asked || state.mode === 'opening' ? effects : [...effects, ending('unconfirmed')];
  return after([DATA, ...ends], leaving.leave(next, now));
}
