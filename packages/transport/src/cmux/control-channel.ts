import {
  encodeParameters,
  type Message,
  message,
  readMessages,
  readParameters,
  readSignals,
} from './message.js';
import { agreed, notNegotiable } from './negotiation.js';
import type { MultiplexerEffect, MultiplexerState, Step } from './state.js';
import {
  ATTEMPTS,
  after,
  CONTROL,
  command,
  end,
  put,
  startCommand,
  stop,
  tell,
  tellSignals,
} from './steps.js';

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
      return isBare(values) ? after([answer()], end(state, 'remote')) : { state, effects: [] };
    case message.FCON:
    case message.FCOFF:
      return isBare(values) ? after([answer()], held(state, type === message.FCOFF)) : { state, effects: [] };
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

/**
 * Whether a message that has no values has none. The checksum of a frame leaves its payload out, and one bit makes
 * MSC, which has two values, a close-down or FCoff.
 */
function isBare(values: Uint8Array): boolean {
  return values.length === 0;
}

function held(state: MultiplexerState, isHeld: boolean): Step {
  const timer: MultiplexerEffect = isHeld
    ? { kind: 'start', timer: `hold ${CONTROL}`, limit: 'hold' }
    : stop('hold', CONTROL);
  return { state: { ...state, isHeld }, effects: [timer, { kind: 'held', isHeld }] };
}

function answered(state: MultiplexerState, { type, values }: Message): Step {
  switch (type) {
    case message.CLD:
      if (!isBare(values)) return { state, effects: [] };
      // Confirmed, and not asked for: the module has read a close-down, and does not multiplex any more.
      return end(state, state.phase === 'closing' ? 'local' : 'remote');
    case message.FCOFF:
      // Nothing here sends FCoff: the module has read one, and would wait for ever.
      return {
        state,
        effects: isBare(values) ? [tell({ type: message.FCON, isCommand: true, values })] : [],
      };
    case message.NSC:
      return notKnown(state, values[0]);
    case message.PN: {
      const parameters = readParameters(values);
      return parameters === undefined ? { state, effects: [] } : agreed(state, parameters);
    }
    case message.MSC:
      return confirmed(state, values);
    default:
      return { state, effects: [] };
  }
}

function notKnown(state: MultiplexerState, type: number | undefined): Step {
  if (type === message.PN) return notNegotiable(state);
  // A module that does not know a close-down knows DISC.
  return type === message.CLD && state.phase === 'closing'
    ? { state, effects: [...command('DISC', CONTROL), startCommand(CONTROL)] }
    : { state, effects: [] };
}

/** The module has answered MSC. It repeats what it has read; where that is something else, it is told again. */
function confirmed(state: MultiplexerState, values: Uint8Array): Step {
  const told = readSignals(values);
  const channel = told === undefined ? undefined : state.channels.get(told.dlci);
  if (told === undefined || channel === undefined || channel.signalAttempts === 0) {
    return { state, effects: [] };
  }
  const { dlci, signals } = told;
  if (signals.fc !== channel.local.fc && channel.signalAttempts < ATTEMPTS) {
    return tellSignals(state, dlci, channel, channel.signalAttempts + 1);
  }
  return { state: put(state, dlci, { ...channel, signalAttempts: 0 }), effects: [stop('signals', dlci)] };
}

function signalled(state: MultiplexerState, values: Uint8Array): Step {
  const told = readSignals(values);
  const channel = told === undefined ? undefined : state.channels.get(told.dlci);
  if (told === undefined || channel === undefined) return { state, effects: [] };
  const { dlci, signals } = told;
  const timer: MultiplexerEffect = signals.fc
    ? { kind: 'start', timer: `hold ${dlci}`, limit: 'hold' }
    : stop('hold', dlci);
  return {
    state: put(state, dlci, { ...channel, remote: signals }),
    effects: [timer, { kind: 'signals', dlci, signals }],
  };
}
