import ts from 'typescript';

const FULL = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
const printer = ts.createPrinter({ removeComments: true });

/** Returns a declaration as its users see it: without bodies, comments and private members, with inferred types. */
export function declarationText(node: ts.Declaration, checker: ts.TypeChecker): string {
  if (ts.isFunctionDeclaration(node)) return `function ${node.name?.text}${signatureText(node, checker)};`;
  if (ts.isVariableDeclaration(node))
    return `const ${node.name.getText()}: ${node.type ? plainText(node.type) : typeText(node, checker)};`;
  if (ts.isClassDeclaration(node)) return classText(node, checker);
  return plainText(node).replace(/^(export|declare) /, '');
}

function plainText(node: ts.Node): string {
  return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replace(/^export /, '');
}

function typeText(node: ts.Node, checker: ts.TypeChecker): string {
  return checker.typeToString(checker.getTypeAtLocation(node), undefined, FULL);
}

/** As it stands in the source, where it does: the order of an inferred union depends on what was compiled before. */
function signatureText(node: ts.SignatureDeclaration, checker: ts.TypeChecker): string {
  const result = ts.isConstructorDeclaration(node) ? '' : `: ${resultText(node, checker)}`;
  return `${typeParametersText(node)}(${parametersText(node, checker)})${result}`;
}

function parametersText(node: ts.SignatureDeclaration, checker: ts.TypeChecker): string {
  return node.parameters.map((parameter) => parameterText(parameter, checker)).join(', ');
}

function parameterText(parameter: ts.ParameterDeclaration, checker: ts.TypeChecker): string {
  const name = ts.isIdentifier(parameter.name) ? parameter.name.text : 'options';
  const rest = parameter.dotDotDotToken ? '...' : '';
  const optional = parameter.questionToken || parameter.initializer ? '?' : '';
  return `${rest}${name}${optional}: ${parameter.type ? plainText(parameter.type) : typeText(parameter, checker)}`;
}

function resultText(node: ts.SignatureDeclaration, checker: ts.TypeChecker): string {
  if (node.type !== undefined) return plainText(node.type);
  const signature = checker.getSignatureFromDeclaration(node);
  return signature
    ? checker.typeToString(checker.getReturnTypeOfSignature(signature), undefined, FULL)
    : 'void';
}

function typeParametersText({ typeParameters }: ts.SignatureDeclaration | ts.ClassDeclaration): string {
  return typeParameters ? `<${typeParameters.map(plainText).join(', ')}>` : '';
}

function classText(node: ts.ClassDeclaration, checker: ts.TypeChecker): string {
  const heritage = (node.heritageClauses ?? []).map((clause) => plainText(clause)).join('');
  const isAbstract = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword);
  const members = node.members
    .filter((member) => isSeen(member) && !isImplementation(member, node))
    .flatMap((member) => memberText(member, checker));
  const body = members.map((member) => `    ${member.replaceAll('\n', '\n    ')};\n`).join('');
  return `${isAbstract ? 'abstract ' : ''}class ${node.name?.text}${typeParametersText(node)}${heritage} {\n${body}}`;
}

function memberText(member: ts.ClassElement, checker: ts.TypeChecker): string[] {
  const modifiers = ts
    .getModifiers(member as ts.PropertyDeclaration)
    ?.filter(({ kind }) => kind !== ts.SyntaxKind.AsyncKeyword && kind !== ts.SyntaxKind.OverrideKeyword)
    .map((modifier) => `${modifier.getText()} `)
    .join('');
  const name = `${modifiers ?? ''}${member.name?.getText() ?? ''}`;
  if (ts.isConstructorDeclaration(member)) return [`constructor${signatureText(member, checker)}`];
  if (ts.isMethodDeclaration(member)) return [`${name}${signatureText(member, checker)}`];
  if (ts.isGetAccessor(member)) return [`get ${name}(): ${typeText(member, checker)}`];
  if (ts.isSetAccessor(member)) return [`set ${name}(${member.parameters.map(plainText).join(', ')})`];
  if (ts.isPropertyDeclaration(member)) {
    const type = member.type ? plainText(member.type) : typeText(member, checker);
    return [`${name}${member.questionToken ? '?' : ''}: ${type}`];
  }
  return [];
}

/** Whether a method only implements the overloads that stand before it. */
function isImplementation(member: ts.ClassElement, { members }: ts.ClassDeclaration): boolean {
  if (!ts.isMethodDeclaration(member) || member.body === undefined) return false;
  const name = member.name.getText();
  return members.some(
    (other) => ts.isMethodDeclaration(other) && other.body === undefined && other.name.getText() === name,
  );
}

/** Whether users of a class see a member. */
function isSeen(member: ts.ClassElement): boolean {
  const isPrivate = (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) !== 0;
  const isInternal = ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
  return !isPrivate && !isInternal && !(member.name && ts.isPrivateIdentifier(member.name));
}
