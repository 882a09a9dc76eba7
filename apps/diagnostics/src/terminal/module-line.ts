import { type Command, part } from '@a7600/at-codec';
import type { ByteLink } from '@a7600/transport';
import { concat, concatMap, defer, filter, ignoreElements, map, type Observable, of, timer } from 'rxjs';
import { decoded } from '../dialogue/decoded.js';
import { describedBy } from '../dialogue/descriptors.js';
import { dialogueOf } from '../dialogue/dialogue.js';
import { typedCommand } from '../dialogue/raw.js';
import type { Shown, TerminalLine } from './line.js';
import { explained, readable } from './words.js';

/** Silence in ms before and after `+++` (application note, 1.6). */
const GUARD = 1_100;

/** A terminal's line on a port of its own. */
export function moduleLine(link: ByteLink): TerminalLine {
  const dialogue = dialogueOf(link, { interactive: true });
  return {
    get wants() {
      return dialogue.wants;
    },
    command(text) {
      return defer(() => dialogue.ask(withMeaning(text))).pipe(
        concatMap(({ lines, value, error }): Shown[] => [
          ...lines.map((line): Shown => ({ kind: 'answer', text: line })),
          ...(value ?? []).map((line): Shown => ({ kind: 'meaning', text: line })),
          ...(error === undefined ? [] : [failed(error)]),
        ]),
      );
    },
    payload: (bytes) => defer(() => dialogue.payload(bytes)),
    leaveData: () =>
      concat(
        timer(GUARD),
        link.write('+++'),
        timer(GUARD),
        defer(() => {
          dialogue.lineMode();
          return of();
        }),
      ).pipe(ignoreElements()) as Observable<never>,
    others$: dialogue.others$.pipe(
      filter((event) => event.kind !== 'echo'),
      map((event): Shown => {
        // Each chunk is shown on a line of its own: its last line end is that line's.
        if (event.kind === 'data')
          return { kind: 'data', text: readable(event).replace(/(?:\\x0d)?\n$/, '') };
        return { kind: 'other', text: 'text' in event ? explained(event) : readable(event) };
      }),
    ),
  };
}

function failed(error: Error): Shown {
  const code = 'code' in error ? { code: String(error.code) } : {};
  return { kind: 'error', text: error.message, ...code };
}

/** The command, with the meaning of its answer as its value. */
function withMeaning(text: string): Command<readonly string[]> {
  const described = describedBy(text);
  return {
    ...typedCommand(text),
    read(answer) {
      if (described === undefined) return [];
      try {
        const { command } = described;
        const own = part(answer, command.claims);
        const value = command.read({
          lines: own.lines,
          payload: own.payload,
          outcome: answer.outcome,
          payloadOf: (header) => own.payloadOf(header),
          get line() {
            return own.line;
          },
        });
        return decoded(described, value);
      } catch {
        // It is shown as it is.
        return [];
      }
    },
  };
}
