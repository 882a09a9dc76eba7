import { ASSUMED, type MultiplexerState, type Step } from './state.js';
import { after, CONTROL, command, put, startCommand } from './steps.js';

/**
 * A channel was held back for long. The message that released it may be lost, and none asks for that: SABM on an open
 * channel does, because the module has to state its signals (MSC) before it sends anything on a channel that was
 * set up (3GPP TS 27.010, 5.4.6.3.7). One that still cannot take data says so again; one that says nothing is taken to
 * have room.
 */
export function confirmHold(state: MultiplexerState, dlci: number): Step {
  if (state.phase !== 'open') return { state, effects: [] };
  if (dlci !== CONTROL) {
    const channel = state.channels.get(dlci);
    if (channel?.remote?.fc === true) return confirmChannel(state, dlci);
    if (channel?.phase !== 'open' || channel.remote !== undefined) return { state, effects: [] };
    return { state: put(state, dlci, { ...channel, remote: ASSUMED }), effects: [] };
  }
  // Nothing asks for FCoff. Each channel that cannot take data states it for itself.
  if (!state.isHeld) return { state, effects: [] };
  let step: Step = { state: { ...state, isHeld: false }, effects: [{ kind: 'held', isHeld: false }] };
  for (const open of state.channels.keys()) step = after(step.effects, confirmChannel(step.state, open));
  return step;
}

function confirmChannel(state: MultiplexerState, dlci: number): Step {
  const channel = state.channels.get(dlci);
  if (channel?.phase !== 'open') return { state, effects: [] };
  return {
    state: put(state, dlci, { ...channel, phase: 'confirming', attempts: 1, remote: undefined }),
    effects: [...command('SABM', dlci), startCommand(dlci)],
  };
}
