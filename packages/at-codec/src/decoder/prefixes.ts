import type { Dialect } from './dialect.js';
import type { PrefixMatch, Urc } from './line.js';
import { type Prefix, prefixOf } from './prefix.js';
import { type PrefixTable, Trie } from './trie.js';

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
    const block = blocks.filter(same).at(-1);
    const prefix = (kind: Prefix['kind'], urc?: Urc<unknown>, choice?: readonly Prefix[]) =>
      prefixOf(text, match, kind, result, block, urc, choice);
    if (result !== undefined) return prefix('result');
    const all = urcs.filter(same).map((urc) => prefix('urc', urc));
    const [first] = all;
    return first !== undefined && first.urc?.accepts === undefined ? first : prefix('text', undefined, all);
  });
}
