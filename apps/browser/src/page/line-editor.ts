/** A line that a person types at a terminal, with a history. Plain data and no terminal, so that it can be tested. */
export interface TypedLine {
  readonly text: string;
  /** Index of the cursor in the text. */
  readonly cursor: number;
  readonly history: readonly string[];
  /** Index in the history while the person looks through it. */
  readonly place: number;
}

/** What a key does to a line. */
export interface Effect {
  readonly line: TypedLine;
  /** A line that was entered. */
  readonly entered?: string;
  /** The person asks what the line may become. */
  readonly completes?: true;
}

/** Nothing typed yet. */
export const EMPTY_LINE: TypedLine = { text: '', cursor: 0, history: [], place: 0 };

/** Lines of the history that are kept. */
const KEPT = 500;

/** What a key or pasted text, as a terminal sends it, does to a line. */
export function typeInto(line: TypedLine, input: string): Effect {
  const { text, cursor, history, place } = line;
  const at = (position: number) => ({
    line: { ...line, cursor: Math.max(0, Math.min(text.length, position)) },
  });
  const recall = (index: number) => {
    const wanted = Math.max(0, Math.min(history.length, index));
    const recalled = history[wanted] ?? '';
    return { line: { ...line, text: recalled, cursor: recalled.length, place: wanted } };
  };
  switch (input) {
    case '\r': {
      const kept = text.trim() === '' || history.at(-1) === text ? history : [...history, text].slice(-KEPT);
      return { line: { text: '', cursor: 0, history: kept, place: kept.length }, entered: text };
    }
    case '\t':
      return { line, completes: true };
    case '\x7f':
    case '\b':
      return cursor === 0
        ? { line }
        : { line: { ...line, text: text.slice(0, cursor - 1) + text.slice(cursor), cursor: cursor - 1 } };
    case '\x1b[3~':
      return { line: { ...line, text: text.slice(0, cursor) + text.slice(cursor + 1) } };
    case '\x1b[D':
      return at(cursor - 1);
    case '\x1b[C':
      return at(cursor + 1);
    case '\x1b[H':
    case '\x01':
      return at(0);
    case '\x1b[F':
    case '\x05':
      return at(text.length);
    case '\x1b[A':
      return recall(place - 1);
    case '\x1b[B':
      return recall(place + 1);
    case '\x03':
    case '\x15':
      return { line: { ...line, text: '', cursor: 0, place: history.length } };
    default:
      return { line: inserted(line, input) };
  }
}

/** The line with what its candidates have in common. */
export function completed(line: TypedLine, candidates: readonly string[]): TypedLine {
  const [first] = candidates;
  if (first === undefined) return line;
  let common = first;
  for (const each of candidates) {
    while (!each.startsWith(common)) common = common.slice(0, -1);
  }
  return common.length > line.text.length ? { ...line, text: common, cursor: common.length } : line;
}

function inserted(line: TypedLine, input: string): TypedLine {
  const printable = input.startsWith('\x1b') ? '' : input.replaceAll(/\p{Cc}/gu, '');
  const text = line.text.slice(0, line.cursor) + printable + line.text.slice(line.cursor);
  return { ...line, text, cursor: line.cursor + printable.length };
}
