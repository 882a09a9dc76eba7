import type { Timeline } from '@a7600/diagnostics/timeline';

/** Time that went to one cause. */
export interface Cause {
  readonly name: string;
  readonly count: number;
  /** In ms, all of it and the longest of it. */
  readonly total: number;
  readonly longest: number;
  /** When the longest began. */
  readonly at: number;
}

/** Where the time of a recording went, in ms. */
export interface LostTime {
  /** Something was asked, and the module had not answered yet. */
  readonly waiting: number;
  /** Nothing was asked. */
  readonly idle: number;
  /** By command, the most expensive first. */
  readonly commands: readonly Cause[];
  /** Stretches without anything on the line, the longest first. */
  readonly silences: readonly { readonly at: number; readonly length: number; readonly after: string }[];
}

/** A stretch without a byte that is worth naming, in ms. */
const SILENCE = 500;
const NAMED = 10;

/**
 * Says where the time of a recording went.
 *
 * @param timeline the recording over time
 * @returns the sums
 */
export function lostTime(timeline: Timeline): LostTime {
  const causes = new Map<string, Cause>();
  let waiting = 0;
  for (const { from, to, text } of timeline.commands) {
    const length = to - from;
    waiting += length;
    const name = nameOf(text);
    const known = causes.get(name) ?? { name, count: 0, total: 0, longest: -1, at: from };
    const isLongest = length > known.longest;
    causes.set(name, {
      name,
      count: known.count + 1,
      total: known.total + length,
      longest: isLongest ? length : known.longest,
      at: isLongest ? from : known.at,
    });
  }
  return {
    waiting,
    idle: Math.max(0, timeline.length - waiting),
    commands: [...causes.values()].sort((one, other) => other.total - one.total),
    silences: silencesOf(timeline),
  };
}

/** The commands of a line by their names: `AT+CIPSEND`. */
function nameOf(text: string): string {
  return text.replace(/[=?].*$/s, '').toUpperCase() || text;
}

function silencesOf({ line, commands, length }: Timeline): LostTime['silences'] {
  const times = [...line.map(({ at }) => at), length];
  const found: { at: number; length: number; after: string }[] = [];
  for (const [index, at] of times.entries()) {
    const gap = (times[index + 1] ?? at) - at;
    if (gap < SILENCE) continue;
    const command = commands.filter(({ from }) => from <= at).at(-1);
    const isWaiting = command !== undefined && command.to > at;
    found.push({
      at,
      length: gap,
      after: isWaiting ? `waiting for the answer to ${nameOf(command.text)}` : 'nothing was asked',
    });
  }
  return found.sort((one, other) => other.length - one.length).slice(0, NAMED);
}
