// Checks that the sources of a project keep to `boundaries.mjs`. Usage: check-boundaries.mjs [folder]
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { ambient, zones } from './boundaries.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The violations in one source, each as `line: what and why`. `path` is relative to the root. */
export function violations(path, text) {
  const zone = zoneOf(path);
  if (zone === undefined) return [`1: ${path} belongs to no zone of tools/boundaries.mjs`];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const report = (node, message) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${line + 1}: ${message}`);
  };

  const checkImport = (node, specifier) => {
    if (specifier.startsWith('.')) {
      const home = path.split('/').slice(0, 3).join('/');
      if (!join(dirname(path), specifier).split(sep).join('/').startsWith(`${home}/`)) {
        report(node, `"${specifier}" leaves ${home}: import the other package by its name`);
      }
      return;
    }
    const fits = (name) => specifier === name || (/[:/]$/.test(name) && specifier.startsWith(name));
    if (!zone.imports.some(fits)) report(node, `${zone.path} may not import "${specifier}"`);
  };

  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      checkImport(node, node.moduleSpecifier.text);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      checkImport(node, node.moduleSpecifier.text);
    } else if (ts.isImportTypeNode(node)) {
      checkImport(node, node.argument.literal.text);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      checkImport(node, node.arguments[0]?.text ?? '?');
    }
    if (zone.core) checkCore(node, report);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function checkCore(node, report) {
  if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) {
    report(node, 'a core source has no promises: use an Observable');
  }
  if (ts.isIdentifier(node) && Object.hasOwn(ambient, node.text) && isGlobal(node)) {
    report(node, `a core source may not use ${node.text}: use ${ambient[node.text]}`);
  }
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') {
    report(node, 'a core source may not use Math.random: use a seeded generator');
  }
}

/** Whether an identifier refers to something by its bare name, rather than naming a member. */
function isGlobal(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  const declares =
    ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent);
  return !(declares && parent.name === node);
}

function zoneOf(path) {
  const fitting = zones.filter((zone) => path === zone.path || path.startsWith(`${zone.path}/`));
  return fitting.sort((a, b) => b.path.length - a.path.length)[0];
}

function main() {
  const folder = relative(root, process.cwd()).split(sep).join('/');
  const files = readdirSync('src', { recursive: true })
    .map((file) => join('src', file))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('.d.ts'));
  const found = files.flatMap((file) => {
    const path = `${folder}/${file.split(sep).join('/')}`;
    return violations(path, readFileSync(file, 'utf8')).map((violation) => `${path}:${violation}`);
  });
  for (const violation of found) console.error(violation);
  if (found.length > 0) {
    console.error(`${found.length} violations of the boundaries in tools/boundaries.mjs.`);
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main();
