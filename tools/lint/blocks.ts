/** A fenced code block of a Markdown page. */
export interface Block {
  /** `ts`, `sh`, …; empty without one. */
  readonly language: string;
  readonly text: string;
  /** Line of its opening fence, from 1. */
  readonly line: number;
  /** What the HTML comment on the line before it says; undefined without one. */
  readonly note: string | undefined;
}

/** Returns the fenced code blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  const found = page.matchAll(/(?:^<!-- (.+) -->\n)?^```(.*)\n((?:.*\n)*?)```$/gm);
  return [...found].map(({ 0: whole, 1: note, 2: language = '', 3: text = '', index }) => {
    const before = page.slice(0, index).split('\n').length;
    return { language, text, line: whole.startsWith('<!--') ? before + 1 : before, note };
  });
}

/**
 * Returns the region of a source between `// #region NAME` and the next `// #endregion`, without its indentation.
 *
 * @throws {Error} if the source has no such region.
 */
export function regionOf(source: string, name: string): string {
  const lines = source.split('\n');
  const start = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const end = lines.findIndex((line, at) => at > start && line.trim() === '// #endregion');
  if (start < 0 || end < 0) throw new Error(`there is no region "${name}"`);
  const region = lines.slice(start + 1, end);
  const indents = region.filter((line) => line !== '').map((line) => line.search(/\S/));
  return `${region.map((line) => line.slice(Math.min(...indents))).join('\n')}\n`;
}
