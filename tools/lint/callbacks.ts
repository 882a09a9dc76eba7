import ts from 'typescript';
import type { Source, Violation } from './source.js';
import { violationAt } from './source.js';

/**
 * Public properties of function type that a holder of the object can assign. The last one to assign would take
 * the place of the one before: attach a listener with a function that returns its disposer instead.
 */
export function callbacks(sources: readonly Source[], checker: ts.TypeChecker): Violation[] {
  return sources.flatMap((source) => {
    const found: Violation[] = [];
    const visit = (node: ts.Node): void => {
      const property = assignable(node);
      if (property !== undefined && isFunction(property.type(checker))) {
        const message = `${property.name} is a function that anybody can replace: make it readonly, or let listeners attach and get a disposer`;
        found.push(violationAt(source, node, message));
      }
      ts.forEachChild(node, visit);
    };
    visit(source.tree);
    return found;
  });
}

interface Assignable {
  readonly name: string;
  type(checker: ts.TypeChecker): ts.Type;
}

/** A property that code outside of its class can assign. */
function assignable(node: ts.Node): Assignable | undefined {
  const isProperty =
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent));
  if (!isProperty && !ts.isSetAccessorDeclaration(node)) return undefined;
  const flags = ts.getCombinedModifierFlags(node);
  const closed = ts.ModifierFlags.Readonly | ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  if ((flags & closed) !== 0 || ts.isPrivateIdentifier(node.name)) return undefined;
  const value = ts.isSetAccessorDeclaration(node) ? node.parameters[0] : node;
  if (value === undefined) return undefined;
  return { name: node.name.getText(), type: (checker) => checker.getTypeAtLocation(value) };
}

/** Whether a value of the type can be called; `undefined` and `null` aside. */
function isFunction(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => part.getCallSignatures().length > 0);
}
