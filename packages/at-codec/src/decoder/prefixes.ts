import type { Dialect } from './dialect.js';
import type { PrefixMatch } from './line.js';
import { type Prefix, type PrefixTable, Trie } from './trie.js';

const tables = new WeakMap<Dialect, PrefixTable>();

/** Returns the table of a dialect, which is built once. */
export function prefixTable(dialect: Dialect): PrefixTable {
  const known = tables.get(dialect);
  if (known !== undefined) return known;
  const table = new Trie(collect(dialect));
  tables.set(dialect, table);
  return table;
}

function collect(dialect: Dialect): Prefix[] {
  const { results, blocks, urcs } = dialect;
  const texts = new Map(
    [...results, ...blocks, ...urcs].map((entry) => [`${entry.match} ${entry.text}`, entry]),
  );
  return [...texts.values()].map(({ text, match }) => {
    const same = (entry: { readonly text: string; readonly match: PrefixMatch }) =>
      entry.text === text && entry.match === match;
    const result = results.filter(same).at(-1);
    const possible = result === undefined ? urcs.filter(same) : [];
    const [first] = possible;
    const urc = first?.accepts === undefined ? first : undefined;
    return {
      text,
      match,
      result,
      block: blocks.filter(same).at(-1),
      kind: result !== undefined ? 'result' : urc !== undefined ? 'urc' : 'text',
      urc,
      choice: first === urc ? undefined : possible,
    };
  });
}
