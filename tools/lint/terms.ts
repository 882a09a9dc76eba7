import ts from 'typescript';
import type { Violation } from './source.js';
import { type Replaced, replaced } from './words.js';

/** Words that docs/glossary.md has another word for, in one file: TypeScript or Markdown. */
export function terms(path: string, text: string, words: readonly Replaced[] = replaced): Violation[] {
  const mine = words.filter(
    ({ within }) => within === undefined || within.some((folder) => covers(folder, path)),
  );
  const parts = path.endsWith('.md') ? partsOfMarkdown(text) : partsOfTypeScript(text);
  const name = { kind: 'names' as const, text: path.split('/').at(-1)?.replace(/\..*$/, '') ?? '', at: 0 };
  const lines = lineStarts(text);
  const seen = new Set<string>();
  return [name, ...parts].flatMap((part) =>
    mine
      .filter(({ where = part.kind }) => where === part.kind)
      .flatMap(({ words: wrong, use }) =>
        wrong.flatMap((word) =>
          occurrences(part, word).flatMap((at) => {
            const line = lineAt(lines, part.at + at);
            const key = `${line} ${word}`;
            if (seen.has(key)) return [];
            seen.add(key);
            const message = `"${word}" is not a word of this project: use ${use} (tools/lint/words.ts)`;
            return [{ path, line, message }];
          }),
        ),
      ),
  );
}

function covers(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** A stretch of a file in which words are looked for. */
interface Part {
  readonly kind: 'names' | 'prose';
  readonly text: string;
  /** Where it begins in the file. */
  readonly at: number;
}

/** Offsets in a part at which a word stands. */
function occurrences({ kind, text }: Part, word: string): number[] {
  if (kind === 'prose') {
    const pattern = new RegExp(`(?<![\\w-])${word.replaceAll(' ', '[\\s*/]+')}(?![\\w-])`, 'gi');
    return [...text.matchAll(pattern)].map(({ index }) => index);
  }
  return ` ${wordsOf(text).join(' ')} `.includes(` ${word} `) ? [0] : [];
}

/** `LinkTable`, `link-table` and `LINK_TABLE` are the words `link` and `table`. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z\d]+/g, ' ')
    .trim()
    .toLowerCase()
    .split(' ');
}

/** Identifiers are names; comments and texts with more than one word are prose. */
function partsOfTypeScript(text: string): Part[] {
  const parts: Part[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      parts.push({ kind: 'names', text: node.text, at: node.getStart(tree) });
    } else if (isText(node) && /[a-z] [a-z]/i.test(node.text)) {
      parts.push({ kind: 'prose', text: node.getText(tree), at: node.getStart(tree) });
    }
    ts.forEachChild(node, visit);
  };
  const tree = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  visit(tree);
  const comments = new Map<number, Part>();
  const collect = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) {
      comments.set(range.pos, { kind: 'prose', text: text.slice(range.pos, range.end), at: range.pos });
    }
    for (const range of ts.getTrailingCommentRanges(text, node.getEnd()) ?? []) {
      comments.set(range.pos, { kind: 'prose', text: text.slice(range.pos, range.end), at: range.pos });
    }
    for (const child of node.getChildren(tree)) collect(child);
  };
  collect(tree);
  return [...parts, ...comments.values()];
}

function isText(node: ts.Node): node is ts.StringLiteral | ts.TemplateLiteralToken {
  return ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node);
}

/** The text of a page: code in it is not prose. */
function partsOfMarkdown(text: string): Part[] {
  const blank = (code: string) => code.replaceAll(/[^\n]/g, ' ');
  const prose = text
    .replaceAll(/^ *```[\s\S]*?^ *```$/gm, blank)
    .replaceAll(/`[^`\n]*`/g, blank)
    .replaceAll(/\]\([^)]*\)/g, blank);
  return [{ kind: 'prose', text: prose, at: 0 }];
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function lineAt(starts: readonly number[], offset: number): number {
  return starts.filter((start) => start <= offset).length;
}
