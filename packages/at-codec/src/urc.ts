import type { HeadMatch } from './decoder/dialect.js';
import type { Line } from './decoder/events.js';

/** An unsolicited result code: how it is recognised and what it says. */
export interface Urc<T> {
  /** What its line begins with: `+CLIENT`, `SMS DONE`. */
  readonly text: string;
  /** How `text` is matched. */
  readonly match: HeadMatch;
  /** Tells it from other lines of the same name, for instance a reply; all are taken without it. */
  readonly accepts?: (line: Line) => boolean;
  /** Reads the line; undefined when its parameters make no sense. */
  readonly read: (line: Line) => T | undefined;
  /** Where it is documented. */
  readonly section: string;
}
