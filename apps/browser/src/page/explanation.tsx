import { useEffect, useState } from 'preact/hooks';
import type { Entry } from '../protocol.js';
import { hexDump, shownText } from './payload.js';

/** Rows of a dump. */
const ROWS = 6;

interface Props {
  readonly entry: Entry | undefined;
  readonly isHex: boolean;
}

/** What the piece of the dialogue means on which the pointer or the keyboard is. */
export function Explanation({ entry, isHex }: Props) {
  const [words, setWords] = useState<readonly string[]>([]);
  useEffect(() => {
    let isCurrent = true;
    if (entry === undefined) setWords([]);
    else {
      // The descriptors come when they are needed first.
      void import('@a7600/diagnostics/terminal').then(({ explanation }) => {
        if (isCurrent) setWords(explanation(entry));
      });
    }
    return () => {
      isCurrent = false;
    };
  }, [entry]);
  return (
    <div class="explanation" role="status">
      {entry === undefined ? (
        <p class="quiet">Point at a line, or press the arrow keys in the list, to see what it means.</p>
      ) : (
        <>
          <code>{shownText(entry, isHex)}</code>
          {words.map((line) => (
            <p key={line}>{line}</p>
          ))}
          {entry.kind === 'payload' && <pre>{hexDump(entry.text, ROWS)}</pre>}
        </>
      )}
    </div>
  );
}
