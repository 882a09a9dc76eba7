import type { LineEvent } from './events.js';
import type { Step } from './operations.js';
import { reactions } from './reactions.js';
import type { LineState } from './state.js';
import { reactionTo } from './transitions.js';

/** What the line does about an event. Pure: the table in `transitions.ts` names the reaction. */
export function reduce(state: LineState, event: LineEvent): Step {
  return reactions[reactionTo(event.kind, state.mode)](state, event);
}
