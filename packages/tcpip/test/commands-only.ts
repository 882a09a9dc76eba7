import type { LaneLine } from '../src/lane/lane-options.js';

/** A line that never leaves command mode. */
export const COMMANDS_ONLY: LaneLine = {
  takesCommands: () => true,
  wanted: () => {},
  connected: () => {},
  refused: () => {},
  unanswered: () => {},
};
