import { DEDICATED_MODES, DEDICATED_TRANSITIONS } from './dedicated-transitions.js';
import type { LineEventKind } from './events.js';
import type { LineMode } from './state.js';
import { MODES, type ReactionName, TRANSITIONS } from './transitions.js';

/**
 * What a line is for: commands and data in turn (`shared`), or data beside commands that have another
 * port (`dedicated`).
 */
export type LineUse = 'shared' | 'dedicated';

/** The modes and the table of each kind of line. */
export const LINES = {
  shared: { modes: MODES, transitions: TRANSITIONS },
  dedicated: { modes: DEDICATED_MODES, transitions: DEDICATED_TRANSITIONS },
} as const satisfies Record<LineUse, object>;

/** The reaction to `event` in `mode`. */
export function reactionTo(event: LineEventKind, mode: LineMode, use: LineUse): ReactionName {
  const { modes, transitions }: { modes: readonly LineMode[]; transitions: Table } = LINES[use];
  return transitions[event][modes.indexOf(mode)] ?? 'ignore';
}

type Table = Readonly<Record<LineEventKind, readonly ReactionName[]>>;
