import { join } from 'node:path';
import ts from 'typescript';
import { ambient, zones } from '../boundaries.mjs';
import { importsOf, resolveImport, type Source, type Violation, violationAt } from './source.js';

interface Zone {
  readonly path: string;
  readonly imports: readonly string[];
  readonly core?: boolean;
}

/** Imports that a source's zone does not have, and what a core source must not use. */
export function boundaries(sources: readonly Source[]): Violation[] {
  return sources.flatMap((source) => {
    const zone = zoneOf(source.path);
    if (zone === undefined) {
      return [violationAt(source, source.tree, 'belongs to no zone: add one to tools/boundaries.mjs')];
    }
    return [...wrongImports(source, zone), ...(zone.core === true ? ambientUses(source) : [])];
  });
}

function wrongImports(source: Source, zone: Zone): Violation[] {
  const home = source.path.split('/').slice(0, 3).join('/');
  return importsOf(source).flatMap(({ node, specifier }) => {
    if (specifier.startsWith('.')) {
      const path = resolveImport(source.path, specifier);
      // The bundler copies the package's own manifest into the program.
      if (path.startsWith(`${home}/`) || path === join(home, '../package.json')) return [];
      return [
        violationAt(source, node, `"${specifier}" leaves ${home}: import the other package by its name`),
      ];
    }
    const fits = (name: string) => specifier === name || (/[:/]$/.test(name) && specifier.startsWith(name));
    if (zone.imports.some(fits)) return [];
    return [violationAt(source, node, `${zone.path} may not import "${specifier}"`)];
  });
}

function ambientUses(source: Source): Violation[] {
  const found: Violation[] = [];
  const report = (node: ts.Node, message: string) => found.push(violationAt(source, node, message));
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) {
      report(node, 'a core source has no promises: use an Observable');
    }
    if (ts.isIdentifier(node) && isGlobal(node)) {
      const instead = Object.entries(ambient).find(([name]) => name === node.text)?.[1];
      if (instead !== undefined) report(node, `a core source may not use ${node.text}: use ${instead}`);
    }
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') {
      report(node, 'a core source may not use Math.random: use a seeded generator');
    }
    ts.forEachChild(node, visit);
  };
  visit(source.tree);
  return found;
}

/** Whether an identifier refers to something by its bare name, rather than naming a member. */
function isGlobal(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  const declares =
    ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent);
  return !(declares && parent.name === node);
}

/** The zone with the longest matching path. */
function zoneOf(path: string): Zone | undefined {
  const fitting: Zone[] = zones.filter((zone) => path === zone.path || path.startsWith(`${zone.path}/`));
  return fitting.sort((a, b) => b.path.length - a.path.length)[0];
}
