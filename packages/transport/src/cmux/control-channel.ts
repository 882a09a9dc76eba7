import {
  encodeParameters,
  type Message,
  message,
  readMessages,
  readParameters,
  readSignals,
} from './message.js';
import type { MultiplexerState, Step } from './state.js';
import { after, CONTROL, command, end, put, startCommand, stopSignals, tell } from './steps.js';

/** Messages of the control channel, in order. */
export function heard(state: MultiplexerState, payload: Uint8Array, frameSize: number): Step {
  let step: Step = { state, effects: [] };
  for (const one of readMessages(payload)) {
    if (step.state.phase === 'closed') break;
    step = after(step.effects, one.isCommand ? asked(step.state, one, frameSize) : answered(step.state, one));
  }
  return step;
}

function asked(state: MultiplexerState, { type, values }: Message, frameSize: number): Step {
  const answer = (reply = values, replyType = type) =>
    tell({ type: replyType, isCommand: false, values: reply });
  switch (type) {
    case message.MSC:
      return after([answer()], signalled(state, values));
    case message.CLD:
      return after([answer()], end(state, 'remote'));
    case message.FCON:
    case message.FCOFF: {
      const isHeld = type === message.FCOFF;
      return { state: { ...state, isHeld }, effects: [answer(), { kind: 'held', isHeld }] };
    }
    case message.PN: {
      const offered = readParameters(values);
      if (offered === undefined) return { state, effects: [answer()] };
      const size = Math.min(offered.frameSize, frameSize);
      return { state, effects: [answer(encodeParameters({ dlci: offered.dlci, frameSize: size }))] };
    }
    case message.TEST:
    case message.RLS:
    case message.RPN:
      return { state, effects: [answer()] };
    default:
      return { state, effects: [answer(Uint8Array.of(type), message.NSC)] };
  }
}

function answered(state: MultiplexerState, { type, values }: Message): Step {
  if (type === message.CLD && state.phase === 'closing') return end(state, 'local');
  // A module that does not know a close-down knows DISC.
  if (type === message.NSC && values[0] === message.CLD && state.phase === 'closing') {
    return { state, effects: [...command('DISC', CONTROL), startCommand(CONTROL)] };
  }
  const dlci = type === message.MSC ? readSignals(values)?.dlci : undefined;
  const channel = dlci === undefined ? undefined : state.channels.get(dlci);
  if (dlci === undefined || channel === undefined) return { state, effects: [] };
  return { state: put(state, dlci, { ...channel, signalAttempts: 0 }), effects: [stopSignals(dlci)] };
}

function signalled(state: MultiplexerState, values: Uint8Array): Step {
  const told = readSignals(values);
  const channel = told === undefined ? undefined : state.channels.get(told.dlci);
  if (told === undefined || channel === undefined) return { state, effects: [] };
  const { dlci, signals } = told;
  return {
    state: put(state, dlci, { ...channel, remote: signals }),
    effects: [{ kind: 'signals', dlci, signals }],
  };
}
