import { byIntegers } from './decoder/condition.js';
import type { Line, PrefixMatch, Urc } from './decoder/line.js';

/** What a URC without a reader of its own says. */
export interface Notice {
  /** The whole line. */
  readonly text: string;
  /** What stands after its name. */
  readonly fields: readonly string[];
}

/**
 * Describes a URC without a reader of its own.
 *
 * @param text - What its line begins with.
 * @param match - How `text` is matched.
 * @param section - Section of the application note, or chapter of the AT command manual (`manual 5`).
 * @returns The descriptor.
 */
export function notice(text: string, match: PrefixMatch, section: string): Urc<Notice> {
  return { text, match, section, read: (line) => ({ text: line.text, fields: line.fields }) };
}

/**
 * Describes several URCs without readers of their own.
 *
 * @param groups - Section, match and texts of each group; see {@link notice}.
 * @returns Their descriptors, in order.
 */
export function notices(
  ...groups: readonly (readonly [section: string, match: PrefixMatch, ...texts: readonly string[]])[]
): readonly Urc<Notice>[] {
  return groups.flatMap(([section, match, ...texts]) => texts.map((text) => notice(text, match, section)));
}

/**
 * Describes a URC that consists of integers.
 *
 * @param text - Its name.
 * @param section - Section of the application note, or chapter of the AT command manual (`manual 5`).
 * @param keys - Names of the integers, in order. A line with another number of fields is not this URC.
 * @returns The descriptor; it reads a record of the integers.
 * @example
 * const signal = numbers('+CSQ', '3.1.1', 'rssi', 'ber');
 */
export function numbers<Key extends string>(
  text: string,
  section: string,
  ...keys: readonly Key[]
): Urc<Readonly<Record<Key, number>>> {
  return {
    text,
    match: 'name',
    section,
    accepts: /* @__PURE__ */ byIntegers((count) => count === keys.length),
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
