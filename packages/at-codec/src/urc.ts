import type { PrefixMatch } from './decoder/dialect.js';
import type { Line } from './decoder/events.js';

/** An unsolicited result code: how it is recognised and what it says. */
export interface Urc<T> {
  /** What its line begins with: `+CLIENT`, `SMS DONE`. */
  readonly text: string;
  /** How `text` is matched. */
  readonly match: PrefixMatch;
  /** Tells it from other lines of the same name, for instance a reply; all are taken without it. */
  readonly accepts?: (line: Line) => boolean;
  /** Reads the line; undefined when its parameters make no sense. */
  readonly read: (line: Line) => T | undefined;
  /** Section of the application note, or chapter of the AT command manual (`manual 5`). */
  readonly section: string;
}

/** A URC that is read as it is written. */
export interface Notice {
  /** The whole line. */
  readonly text: string;
  /** What stands after its name. */
  readonly fields: readonly string[];
}

/** A URC without a reader of its own. */
export function notice(text: string, match: PrefixMatch, section: string): Urc<Notice> {
  return { text, match, section, read: (line) => ({ text: line.text, fields: line.fields }) };
}

/** Several of them: section, match and texts of each group. */
export function notices(
  ...groups: readonly (readonly [section: string, match: PrefixMatch, ...texts: readonly string[]])[]
): readonly Urc<Notice>[] {
  return groups.flatMap(([section, match, ...texts]) => texts.map((text) => notice(text, match, section)));
}

/** A URC that consists of integers, which `keys` name in order; with any other number of fields it is none. */
export function numbers<Key extends string>(
  text: string,
  section: string,
  ...keys: readonly Key[]
): Urc<Readonly<Record<Key, number>>> {
  return {
    text,
    match: 'name',
    section,
    accepts: (line) => line.integerCount === keys.length,
    read: (line) => {
      const values: Partial<Record<Key, number>> = {};
      for (let index = 0; index < keys.length; index++) values[keys[index] as Key] = line.int(index);
      return values as Record<Key, number>;
    },
  };
}

/** Reads a URC whose parameters are one text, commas included. */
export function readEvent(line: Line): { readonly event: string } {
  return { event: line.fieldCount === 1 ? (line.field(0) as string) : line.fields.join(',') };
}
