// Writes the state diagram of the line into ARCHITECTURE.md from the transition table of
// @a7600/tcpip; with --check it only says whether the page is what the table says.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MODES, REACTIONS, TRANSITIONS } from '../packages/tcpip/src/line/transitions.js';

const page = fileURLToPath(new URL('../ARCHITECTURE.md', import.meta.url));
const BEGIN = '<!-- Generated from packages/tcpip/src/line/transitions.ts by tools/line-diagram.ts. -->';
const END = '<!-- End of the generated diagram. -->';

/** Events that end a connection in any mode; their arrows would hide the others. */
const ANYWHERE: readonly string[] = ['lost', 'ended'];

/** `from --> to : events`, one line for each pair of modes that an event leads between. */
function arrows(): string[] {
  const events = new Map<string, string[]>();
  for (const [event, row] of Object.entries(TRANSITIONS)) {
    if (ANYWHERE.includes(event)) continue;
    for (const [column, reaction] of row.entries()) {
      for (const to of REACTIONS[reaction]) {
        if (to === 'same') continue;
        const arrow = `${MODES[column]} --> ${to}`;
        events.set(arrow, [...(events.get(arrow) ?? []), event]);
      }
    }
  }
  return [...events].map(([arrow, names]) => `  ${arrow} : ${[...new Set(names)].join(', ')}`);
}

const diagram = [BEGIN, '```mermaid', 'stateDiagram-v2', '  [*] --> command', ...arrows(), '```', END].join(
  '\n',
);
const current = readFileSync(page, 'utf8');
const [before, rest] = current.split(BEGIN);
const [, after] = rest?.split(END) ?? [];
if (before === undefined || after === undefined)
  throw new Error(`${page} has no place for the diagram: ${BEGIN} … ${END}`);
const wanted = before + diagram + after;

if (!process.argv.includes('--check')) writeFileSync(page, wanted);
else if (current !== wanted) {
  console.error('The state diagram in ARCHITECTURE.md is out of date. Run: npm run line-diagram');
  process.exit(1);
}
