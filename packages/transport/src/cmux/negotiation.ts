import { encodeParameters, message, type Parameters } from './message.js';
import type { MultiplexerState, Negotiation, Step } from './state.js';
import { ATTEMPTS, stop, tell } from './steps.js';

/** Asks the module for frames of that size on a channel (PN; 3GPP TS 27.010, 5.4.6.3.1). */
export function negotiate(state: MultiplexerState, dlci: number, asked: number): Step {
  if (state.phase !== 'open' || state.negotiations.has(dlci)) return { state, effects: [] };
  return ask(state, dlci, { asked, attempts: 1, answered: undefined });
}

/**
 * The module has answered PN. What it names counts when it is what was asked for, or the same smaller size twice: the
 * checksum of a frame leaves its payload out, so that either message may have been damaged.
 */
export function agreed(state: MultiplexerState, { dlci, frameSize }: Parameters): Step {
  const negotiation = state.negotiations.get(dlci);
  if (negotiation === undefined) return { state, effects: [] };
  const isSmaller = frameSize > 0 && frameSize < negotiation.asked;
  if (frameSize === negotiation.asked || (isSmaller && frameSize === negotiation.answered)) {
    return conclude(state, dlci, frameSize);
  }
  return again(state, dlci, { ...negotiation, answered: isSmaller ? frameSize : negotiation.answered });
}

/** PN was not answered in time. */
export function repeatParameters(state: MultiplexerState, dlci: number): Step {
  const negotiation = state.negotiations.get(dlci);
  return negotiation === undefined ? { state, effects: [] } : again(state, dlci, negotiation);
}

/** The module does not know PN (NSC): nothing is agreed on any channel. */
export function notNegotiable(state: MultiplexerState): Step {
  let step: Step = { state, effects: [] };
  for (const dlci of state.negotiations.keys()) {
    const next = conclude(step.state, dlci, undefined);
    step = { state: next.state, effects: [...step.effects, ...next.effects] };
  }
  return step;
}

function again(state: MultiplexerState, dlci: number, negotiation: Negotiation): Step {
  if (negotiation.attempts >= ATTEMPTS) return conclude(state, dlci, negotiation.answered);
  return ask(state, dlci, { ...negotiation, attempts: negotiation.attempts + 1 });
}

function ask(state: MultiplexerState, dlci: number, negotiation: Negotiation): Step {
  const values = encodeParameters({ dlci, frameSize: negotiation.asked });
  return {
    state: { ...state, negotiations: new Map(state.negotiations).set(dlci, negotiation) },
    effects: [
      tell({ type: message.PN, isCommand: true, values }),
      { kind: 'start', timer: `parameters ${dlci}`, limit: 'T2' },
    ],
  };
}

function conclude(state: MultiplexerState, dlci: number, frameSize: number | undefined): Step {
  const negotiations = new Map(state.negotiations);
  negotiations.delete(dlci);
  const sizes = new Map(state.sizes);
  if (frameSize !== undefined) sizes.set(dlci, frameSize);
  return {
    state: { ...state, negotiations, sizes },
    effects: [stop('parameters', dlci), { kind: 'negotiated', dlci, frameSize }],
  };
}
