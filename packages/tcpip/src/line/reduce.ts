import type { LineEvent } from './events.js';
import type { Step } from './operations.js';
import { reactions } from './reactions.js';
import type { LineState } from './state.js';
import { type LineUse, reactionTo } from './tables.js';

/** What a line does about an event. Pure: the table of its use names the reaction. */
export function reduce(state: LineState, event: LineEvent, use: LineUse): Step {
  return reactions[reactionTo(event.kind, state.mode, use)](state, event);
}
