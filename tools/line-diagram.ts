// Writes the state diagrams of the line into ARCHITECTURE.md from the transition tables of
// @a7600/tcpip; with --check it only says whether the page is what the table says.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LINES, type LineUse } from '../packages/tcpip/src/line/tables.js';
import { REACTIONS, type ReactionName } from '../packages/tcpip/src/line/transitions.js';

const page = fileURLToPath(new URL('../ARCHITECTURE.md', import.meta.url));
const begins = (use: LineUse) => `<!-- Generated: the ${use} line, by tools/line-diagram.ts. -->`;
const END = '<!-- End of the generated diagram. -->';

/** Events that end a connection in any mode; their arrows would hide the others. */
const ANYWHERE: readonly string[] = ['lost', 'ended'];

/** `from --> to : events`, one line for each pair of modes that an event leads between. */
function arrows(use: LineUse): string[] {
  const { modes, transitions } = LINES[use];
  const events = new Map<string, string[]>();
  const rows: [string, readonly ReactionName[]][] = Object.entries(transitions);
  for (const [event, row] of rows) {
    if (ANYWHERE.includes(event)) continue;
    for (const [column, reaction] of row.entries()) {
      for (const to of REACTIONS[reaction]) {
        if (to === 'same') continue;
        const arrow = `${modes[column]} --> ${to}`;
        events.set(arrow, [...(events.get(arrow) ?? []), event]);
      }
    }
  }
  return [...events].map(([arrow, names]) => `  ${arrow} : ${[...new Set(names)].join(', ')}`);
}

/** The page with the diagram of one line in its place. */
function withDiagram(text: string, use: LineUse): string {
  const begin = begins(use);
  const [before, rest] = text.split(begin);
  const end = rest?.indexOf(END) ?? -1;
  if (before === undefined || rest === undefined || end < 0)
    throw new Error(`${page} has no place for the diagram: ${begin} … ${END}`);
  const fence = ['```mermaid', 'stateDiagram-v2', '  [*] --> command', ...arrows(use), '```'];
  return [before + begin, ...fence, rest.slice(end)].join('\n');
}

const current = readFileSync(page, 'utf8');
const wanted = withDiagram(withDiagram(current, 'shared'), 'dedicated');

if (!process.argv.includes('--check')) writeFileSync(page, wanted);
else if (current !== wanted) {
  console.error('The state diagrams in ARCHITECTURE.md are out of date. Run: npm run line-diagram');
  process.exit(1);
}
