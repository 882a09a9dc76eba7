import { GUARD_TIME } from '../base/guard-time.js';
import type { LineEffect } from './effects.js';
import type { LineEvent } from './events.js';
import { begin, type Step, settle, settleAll, waits } from './operations.js';
import type { Doubt, LineState } from './state.js';
import { after, ending, NEVER, resolve, same, toCommand } from './steps.js';
import { ANSWER_LIMIT, ANSWER_TIME, ESCAPES, QUESTIONS, SEND_LIMIT, VERIFY_INTERVAL } from './times.js';

/** Leaves data mode: first the payload that the port is sending has to be out. */
export function leave(state: LineState, now: number, ...effects: readonly LineEffect[]): Step {
  const due = now + SEND_LIMIT;
  const begun = { escapes: 0, questions: 0, proven: false, contradicted: false };
  return same(
    { ...state, ...begun, mode: 'escaping', step: 'holding', due },
    ...effects,
    { kind: 'holdPayload' },
    { kind: 'wake', at: due },
  );
}

/** The payload is out: the silence before the escape. */
export function beginSilence(state: LineState, event: LineEvent): Step {
  if (event.kind !== 'held' || state.step !== 'holding') return same(state);
  const silentFrom = Math.max(state.silentFrom, event.silentFrom);
  const due = endOfSilence({ ...state, silentFrom });
  return same({ ...state, step: 'silence', silentFrom, due }, { kind: 'wake', at: due });
}

/** An escape that only a doubt asks for waits until the last one of that kind is long enough ago. */
function endOfSilence(state: LineState): number {
  const guarded = state.silentFrom + GUARD_TIME;
  const peers = state.doubt !== undefined && !state.unwanted && !waits(state, 'enterCommandMode', 'abort');
  return peers ? Math.max(guarded, state.verifiedAt + VERIFY_INTERVAL) : guarded;
}

/** A peer can send what raises such a doubt, as often as it likes. */
function isPeers(doubt: Doubt | undefined): boolean {
  return doubt === 'closed' || doubt === 'restarted' || doubt === 'echoed';
}

/** A caller asks for command mode while data mode is being left. */
export function hurry(state: LineState): Step {
  if (state.step !== 'silence') return same(state);
  const due = endOfSilence(state);
  return same({ ...state, due }, { kind: 'wake', at: due });
}

/** The escape or the question is out. */
export function beginWait(state: LineState, event: LineEvent): Step {
  if (event.kind !== 'sent') return same(state);
  const silentFrom = Math.max(state.silentFrom, event.silentFrom);
  if (state.step === 'sending') {
    const due = silentFrom + event.guard;
    return same({ ...state, step: 'guarding', silentFrom, due }, { kind: 'wake', at: due });
  }
  if (state.step !== 'asking') return same({ ...state, silentFrom });
  const due = silentFrom + ANSWER_TIME;
  return same({ ...state, silentFrom, due, limit: silentFrom + ANSWER_LIMIT }, { kind: 'wake', at: due });
}

/** Bytes that were on their way come before the answer. */
export function extendWait(state: LineState, { now }: LineEvent): Step {
  if (state.step !== 'asking') return same(state);
  return same({ ...state, due: Math.max(state.due, Math.min(state.limit, now + ANSWER_TIME)) });
}

/** The module has proved that it answers; inside a guard time nothing may be written yet. */
export function prove(state: LineState, { now }: LineEvent): Step {
  if (state.step === 'sending' || state.step === 'guarding') return same({ ...state, proven: true });
  return arrive(state, now);
}

/** An answer that proves nothing: perhaps the question met what stood before it. */
export function askAgain(state: LineState, event: LineEvent): Step {
  const contradicts = event.kind === 'answered' && event.contradicts;
  const next = { ...state, contradicted: state.contradicted || contradicts };
  return state.step === 'asking' && state.questions < QUESTIONS ? ask(next, event.now) : same(next);
}

/** A timer fired. */
export function proceed(state: LineState, { now }: LineEvent): Step {
  if (now < state.due) return same(state, { kind: 'wake', at: state.due });
  switch (state.step) {
    case 'holding':
    case 'sending':
      return giveUp(state);
    case 'silence':
      return sendEscape(state, now);
    case 'guarding':
      return state.proven ? arrive(state, now) : ask({ ...state, questions: 0 }, now);
    case 'asking':
      if (state.questions < QUESTIONS) return ask(state, now);
      return state.escapes < ESCAPES ? sendEscape(state, now) : giveUp(state);
  }
}

function sendEscape(state: LineState, now: number): Step {
  const silent = state.silentFrom + GUARD_TIME;
  if (now < silent) return same({ ...state, step: 'silence', due: silent }, { kind: 'wake', at: silent });
  const due = now + SEND_LIMIT;
  const sending = { ...state, step: 'sending', escapes: state.escapes + 1, due } as const;
  return same(sending, { kind: 'escape' }, { kind: 'wake', at: due });
}

function ask(state: LineState, now: number): Step {
  const due = now + SEND_LIMIT;
  const asking = { ...state, step: 'asking', questions: state.questions + 1, due, limit: due } as const;
  return same(asking, { kind: 'ask' }, { kind: 'wake', at: due });
}

/** The module takes commands. */
function arrive(state: LineState, now: number): Step {
  const resync = state.escapes !== 1 || state.questions !== 1;
  const verifiedAt = isPeers(state.doubt) ? now : state.verifiedAt;
  const next: LineState = { ...state, mode: 'verifying', verifiedAt, due: NEVER };
  return state.doubt === undefined
    ? after([{ kind: 'commandMode', resync }, { kind: 'trust' }], resolve(next))
    : same(next, { kind: 'commandMode', resync }, { kind: 'verify' });
}

/** All escapes were made, with full guard times, and the proof did not come. */
function giveUp(state: LineState): Step {
  if (state.contradicted) return endModem(state, 'restarted');
  const onlyAsked = state.doubt === undefined && !state.unwanted && !waits(state, 'close', 'abort');
  if (!onlyAsked || !waits(state, 'enterCommandMode')) return endModem(state, 'silent');
  const stuck = settle(state, 'stuck', 'enterCommandMode');
  return after(stuck.effects, backToData(stuck.state));
}

function endModem(state: LineState, why: 'restarted' | 'silent'): Step {
  return after([{ kind: 'endModem', why }, ending(why)], toCommand(state));
}

/** Data mode was not left after all. */
function backToData(state: LineState): Step {
  const { state: settled, effects } = settle(state, 'done', 'enterDataMode');
  const drains: LineEffect[] = waits(settled, 'close') ? [{ kind: 'drainPayload' }] : [];
  const data: LineState = { ...settled, mode: 'data', stay: false, doubt: undefined, due: NEVER };
  return same(data, { kind: 'trust' }, ...drains, { kind: 'releasePayload' }, ...effects);
}

/** What raised the doubt is data. */
export function trust(state: LineState): Step {
  if (state.doubt === undefined || (state.step !== 'holding' && state.step !== 'silence')) return same(state);
  if (!state.unwanted && !waits(state, 'enterCommandMode', 'abort')) return backToData(state);
  return after([{ kind: 'trust' }], hurry({ ...state, doubt: undefined }));
}

/** The owner gave the connection up, or the network is gone: data mode has to be left all the same. */
export function abandon(state: LineState): Step {
  const { state: settled, effects } = settleAll({ ...state, unwanted: true });
  return { state: settled, effects: [ending('lost'), ...effects] };
}

/** Lets the operation of an event wait while data mode is being left. */
export function queueInEscape(state: LineState, event: LineEvent): Step {
  const begun = begin(state, event);
  return after(begun.effects, hurry(begun.state));
}
