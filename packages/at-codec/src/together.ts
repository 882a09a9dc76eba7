import { invalid } from './arguments.js';
import { type Answer, type Command, firstLine } from './command.js';
import type { Line } from './decoder/line.js';

/** The values of several commands, in their order. */
export type CommandValues<Commands extends readonly Command<unknown>[]> = {
  readonly [Index in keyof Commands]: Commands[Index] extends Command<infer R> ? R : never;
};

/** The longest command line after its `AT` (AT command manual 1). */
const MAX_LINE = 3_071;

/**
 * Joins several commands on one line, `AT+CSQ;+CGATT?`, which is answered with one final result. Each line
 * of the answer goes to the first command that claims it.
 *
 * @param commands - Extended commands (`AT+…`) that have no payload and whose answer ends with the final
 * result.
 * @returns A command whose value is a tuple of theirs, in order.
 * @throws {@link AtError} with `INVALID_ARGUMENT` when there is no command, when one of them cannot be
 * joined, or when the line would be too long for the module.
 */
export function together<const Commands extends readonly Command<unknown>[]>(
  ...commands: Commands
): Command<CommandValues<Commands>> {
  if (commands.length === 0) throw invalid('commands', 'must be one at the least');
  for (const { text, label, payload, outcome, connects } of commands) {
    if (!text.startsWith('AT+') || payload !== undefined || outcome !== undefined || connects === true) {
      throw invalid('commands', `must be complete with their final result, which ${label} is not`);
    }
  }
  const join = (part: 'text' | 'label') => `AT${commands.map((each) => each[part].slice(2)).join(';')}`;
  const text = join('text');
  if (text.length - 2 > MAX_LINE) throw invalid('commands', `must have ${MAX_LINE} characters at the most`);
  const owner = (line: Line): number => {
    for (let index = 0; index < commands.length; index++) if (commands[index]?.claims(line)) return index;
    return -1;
  };
  return {
    text,
    label: join('label'),
    timeout: commands.reduce((sum, { timeout }) => sum + timeout, 0),
    answersWithLine: commands.some(({ answersWithLine }) => answersWithLine === true),
    claims: (line) => owner(line) >= 0,
    read: (answer) => {
      const lines: Line[][] = commands.map(() => []);
      for (const line of answer.lines) lines[owner(line)]?.push(line);
      return commands.map((each, index) =>
        each.read(partOf(answer, lines[index] as Line[])),
      ) as unknown as CommandValues<Commands>;
    },
  };
}

/**
 * Returns the part of an answer that consists of some of its lines and their blocks.
 *
 * @param answer - The whole answer.
 * @param belongs - Whether a line is in the part.
 * @returns An answer with these lines, and without an outcome.
 */
export function part(answer: Answer, belongs: (line: Line, index: number) => boolean): Answer {
  return partOf(answer, answer.lines.filter(belongs));
}

/** Their blocks are gathered when they are asked for: the answers of most commands have none. */
function partOf(answer: Answer, lines: readonly Line[]): Answer {
  return {
    lines,
    outcome: undefined,
    get payload(): readonly Uint8Array[] {
      return lines.flatMap((line) => answer.payloadOf(line));
    },
    payloadOf: (header) => answer.payloadOf(header),
    get line(): Line {
      return firstLine(lines);
    },
  };
}
