import type { Frame, FrameType } from './frame.js';
import { encodeMessage, type Message } from './message.js';
import type { Channel, EndReason, MultiplexerEffect, MultiplexerState, Step } from './state.js';

/** DLCI of the multiplexer's own channel. */
export const CONTROL = 0;
export const NOTHING = new Uint8Array(0);

/** Ends all channels, then the multiplexer. */
export function end(state: MultiplexerState, reason: EndReason): Step {
  const ended = [...state.channels.keys()].map((dlci) => endChannel(state, dlci, reason).effects);
  return {
    state: { phase: 'closed', attempts: 0, isHeld: false, channels: new Map() },
    effects: [stopCommand(CONTROL), ...ended.flat(), { kind: 'ended', reason }],
  };
}

export function endChannel(state: MultiplexerState, dlci: number, reason: EndReason): Step {
  const channels = new Map(state.channels);
  channels.delete(dlci);
  return {
    state: { ...state, channels },
    effects: [stopCommand(dlci), stopSignals(dlci), { kind: 'closed', dlci, reason }],
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
  return { kind: 'stop', timer: `command ${dlci}` };
}

export function stopSignals(dlci: number): MultiplexerEffect {
  return { kind: 'stop', timer: `signals ${dlci}` };
}
