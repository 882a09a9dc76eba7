import type { Frame, FrameType } from './frame.js';
import { encodeMessage, encodeSignals, type Message, message } from './message.js';
import type { Channel, EndReason, MultiplexerEffect, MultiplexerState, Step } from './state.js';

/** DLCI of the multiplexer's own channel. */
export const CONTROL = 0;
export const NOTHING = new Uint8Array(0);
/** N2: how often a command is sent before the module counts as silent (3GPP TS 27.010, 5.7.3). */
export const ATTEMPTS = 3;

/** What is known after the end. */
const CLOSED: MultiplexerState = {
  phase: 'closed',
  attempts: 0,
  isHeld: false,
  channels: new Map(),
  negotiations: new Map(),
  sizes: new Map(),
};

/** Ends all channels, then the multiplexer. */
export function end(state: MultiplexerState, reason: EndReason): Step {
  const ended = [...state.channels.keys()].map((dlci) => endChannel(state, dlci, reason).effects);
  return {
    state: CLOSED,
    effects: [
      stopCommand(CONTROL),
      stop('hold', CONTROL),
      ...[...state.negotiations.keys()].map((dlci) => stop('parameters', dlci)),
      ...ended.flat(),
      { kind: 'ended', reason },
    ],
  };
}

export function endChannel(state: MultiplexerState, dlci: number, reason: EndReason): Step {
  const channels = new Map(state.channels);
  channels.delete(dlci);
  return {
    state: { ...state, channels },
    effects: [stopCommand(dlci), stop('signals', dlci), stop('hold', dlci), { kind: 'closed', dlci, reason }],
  };
}

/** The state with a channel added or changed. */
export function put(state: MultiplexerState, dlci: number, channel: Channel): MultiplexerState {
  return { ...state, channels: new Map(state.channels).set(dlci, channel) };
}

/** A step whose effects come after others. */
export function after(effects: readonly MultiplexerEffect[], step: Step): Step {
  return { ...step, effects: [...effects, ...step.effects] };
}

export function command(type: FrameType, dlci: number): MultiplexerEffect[] {
  return [{ kind: 'send', frame: { type, dlci, cr: true, pf: true, payload: NOTHING } }];
}

export function response(type: FrameType, dlci: number): MultiplexerEffect {
  return { kind: 'send', frame: { type, dlci, cr: false, pf: true, payload: NOTHING } };
}

export function tell(one: Message): MultiplexerEffect {
  return { kind: 'send', frame: { ...dataFrame(CONTROL, encodeMessage(one)) } };
}

/** A frame of data from the host. Some modules ignore one without the C/R bit. */
export function dataFrame(dlci: number, payload: Uint8Array): Frame {
  return { type: 'UIH', dlci, cr: true, pf: false, payload };
}

export function startCommand(dlci: number, limit: 'T1' | 'T2' = 'T1'): MultiplexerEffect {
  return { kind: 'start', timer: `command ${dlci}`, limit };
}

export function stopCommand(dlci: number): MultiplexerEffect {
  return stop('command', dlci);
}

export function stop(what: 'command' | 'signals' | 'parameters' | 'hold', dlci: number): MultiplexerEffect {
  return { kind: 'stop', timer: `${what} ${dlci}` };
}

/** Tells the module the signals of a channel (MSC), for the `attempt`th time. */
export function tellSignals(state: MultiplexerState, dlci: number, channel: Channel, attempt = 1): Step {
  const values = encodeSignals(dlci, channel.local);
  return {
    state: put(state, dlci, { ...channel, signalAttempts: attempt }),
    effects: [
      tell({ type: message.MSC, isCommand: true, values }),
      { kind: 'start', timer: `signals ${dlci}`, limit: 'T2' },
    ],
  };
}
