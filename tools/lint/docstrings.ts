import ts from 'typescript';
import { type Source, type Violation, violationAt } from './source.js';

/**
 * Public names without the docstring that the API reference needs: a first sentence, `@param` for each
 * parameter, `@returns` for each result, `@throws` where the body throws.
 *
 * @param entries The sources that the package's exports name.
 */
export function docstrings(entries: readonly Source[], program: ts.Program): Violation[] {
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Node>();
  const found: Violation[] = [];
  for (const { path } of entries) {
    const file = program.getSourceFiles().find(({ fileName }) => fileName.endsWith(path));
    const module = file && checker.getSymbolAtLocation(file);
    if (module === undefined) continue;
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      for (const declaration of symbol.getDeclarations() ?? []) {
        const tree = declaration.getSourceFile();
        if (seen.has(declaration) || tree.fileName.includes('/node_modules/')) continue;
        seen.add(declaration);
        const source = sourceIn(tree, path);
        if (source !== undefined) found.push(...lacking(source, declaration, checker));
      }
    }
  }
  return found;
}

/** The source of a file of the program, when it is in the same package as `path`. */
function sourceIn(tree: ts.SourceFile, path: string): Source | undefined {
  const home = path.split('/').slice(0, 3).join('/');
  const at = tree.fileName.indexOf(`${home}/`);
  return at < 0 ? undefined : { path: tree.fileName.slice(at), text: tree.text, tree };
}

function lacking(source: Source, declaration: ts.Node, checker: ts.TypeChecker): Violation[] {
  const members =
    ts.isInterfaceDeclaration(declaration) || ts.isClassDeclaration(declaration)
      ? [...declaration.members]
      : ts.isTypeAliasDeclaration(declaration) && ts.isTypeLiteralNode(declaration.type)
        ? [...declaration.type.members]
        : [];
  return [declaration, ...members.filter((member) => isPublic(member) && !inherits(member, checker))].flatMap(
    (node) =>
      lackingOf(node, checker).map((what) =>
        violationAt(source, nameOf(node), `${labelOf(node, declaration)} lacks ${what}`),
      ),
  );
}

/** What the docstring of one declaration lacks. */
function lackingOf(node: ts.Node, checker: ts.TypeChecker): string[] {
  if (ts.isConstructorDeclaration(node) && node.parameters.length === 0) return [];
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  if (docs.length === 0 && !sharesDocs(node)) return ['a docstring'];
  const deprecated = deprecation(node);
  const called = signatureOf(node);
  if (called === undefined || docs.length === 0) return deprecated;
  const parameters = called.parameters
    .filter((parameter) => ts.getJSDocParameterTags(parameter).length === 0)
    .map((parameter) => parameter.name.getText())
    .filter((name) => name !== 'this')
    .map((name) => `@param ${name.startsWith('{') ? 'options' : name}`);
  const signature = checker.getSignatureFromDeclaration(called);
  const result = signature && checker.typeToString(checker.getReturnTypeOfSignature(signature));
  const silent = ts.isConstructorDeclaration(node) || ['void', 'never', 'this', undefined].includes(result);
  const returns = silent || ts.getJSDocReturnTag(node) !== undefined ? [] : ['@returns'];
  const documented = ts
    .getJSDocTags(node)
    .some(({ tagName }) => ['throws', 'exception'].includes(tagName.text));
  return [...deprecated, ...parameters, ...returns, ...(throws(called) && !documented ? ['@throws'] : [])];
}

/** A deprecated name says since which version, so that it lasts a minor one, and what replaces it (docs/stability.md). */
function deprecation(node: ts.Node): string[] {
  const tag = ts.getJSDocDeprecatedTag(node);
  if (tag === undefined) return [];
  const text = ts.getTextOfJSDocComment(tag.comment) ?? '';
  return /\bsince \d+\.\d+\b/i.test(text) && /`[^`]+`/.test(text)
    ? []
    : ['"Since VERSION: use `NAME`." after @deprecated'];
}

/** Overloads and merged declarations are documented once. */
function sharesDocs(node: ts.Node): boolean {
  const symbol = (node as { readonly symbol?: ts.Symbol }).symbol;
  return (symbol?.getDeclarations() ?? []).some(
    (other) => other !== node && ts.getJSDocCommentsAndTags(other).length > 0,
  );
}

function signatureOf(node: ts.Node): ts.SignatureDeclaration | undefined {
  if (ts.isFunctionLike(node)) return node;
  const value = ts.isVariableDeclaration(node) ? node.initializer : undefined;
  return value && ts.isFunctionLike(value) ? value : undefined;
}

/** Whether a function throws in its own body: what its callees throw, the checker does not know. */
function throws(node: ts.SignatureDeclaration): boolean {
  const body = 'body' in node ? (node.body as ts.Node | undefined) : undefined;
  const search = (child: ts.Node): boolean =>
    ts.isThrowStatement(child) || (!ts.isFunctionLike(child) && (ts.forEachChild(child, search) ?? false));
  return body !== undefined && search(body);
}

function isPublic(member: ts.ClassElement | ts.TypeElement): boolean {
  const flags = ts.getCombinedModifierFlags(member);
  const hidden = (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;
  const internal = ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
  return (
    !hidden &&
    !internal &&
    !(member.name && ts.isPrivateIdentifier(member.name)) &&
    !ts.isClassStaticBlockDeclaration(member)
  );
}

/** Whether a base class or interface has the member: its docstring holds. */
function inherits(member: ts.ClassElement | ts.TypeElement, checker: ts.TypeChecker): boolean {
  const { parent, name } = member;
  if (name === undefined || !(ts.isClassDeclaration(parent) || ts.isInterfaceDeclaration(parent)))
    return false;
  return (parent.heritageClauses ?? [])
    .flatMap(({ types }) => [...types])
    .some((type) => checker.getTypeAtLocation(type).getProperty(name.getText()) !== undefined);
}

function nameOf(node: ts.Node): ts.Node {
  return (node as { readonly name?: ts.Node }).name ?? node;
}

function labelOf(node: ts.Node, declaration: ts.Node): string {
  const own = ts.isConstructorDeclaration(node) ? 'constructor' : nameOf(node).getText().split('\n')[0];
  return node === declaration ? `${own}` : `${nameOf(declaration).getText()}.${own}`;
}
