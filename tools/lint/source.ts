import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** A TypeScript source of a project. */
export interface Source {
  /** Path from the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** A place where a source breaks a rule of the project. */
export interface Violation {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What is wrong there, and what to do about it. */
  readonly message: string;
}

/** Parses one source. */
export function sourceOf(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
}

/** Reads the sources below `src` of a project, tests excluded. `folder` is relative to the root. */
export function readSources(root: string, folder: string): Source[] {
  return readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => posix.join(folder, 'src', file.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')));
}

/** Makes a violation that points at a node. */
export function violationAt({ path, tree }: Source, node: ts.Node, message: string): Violation {
  return { path, line: tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1, message };
}

/** An import, a re-export or an `import()` of a source: the node, and what it names. */
export interface Import {
  readonly node: ts.Node;
  readonly specifier: string;
}

/** Every import of a source, types included. */
export function importsOf({ tree }: Source): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) found.push({ node, specifier });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** The path of the source that a relative import in `path` names. */
export function resolveImport(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return textOf(node.arguments[0]) ?? '?';
  }
  return undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteral(node) ? node.text : undefined;
}
