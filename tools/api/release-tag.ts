import ts from 'typescript';

/** How stable an export is; see docs/stability.md. */
export const RELEASE_TAGS = ['public', 'experimental', 'internal'] as const;
export type ReleaseTag = (typeof RELEASE_TAGS)[number];

/**
 * Returns the release tag of a declaration's docstring, or of the comment with `@module` or `@packageDocumentation`
 * that a source begins with; undefined without one.
 */
export function releaseTagOf(node: ts.Node): ReleaseTag | undefined {
  const text = ts.isSourceFile(node) ? moduleComment(node) : docstringOf(node);
  return RELEASE_TAGS.find((tag) => new RegExp(`^\\s*/?\\*+\\s*@${tag}\\b`, 'm').test(text));
}

function moduleComment({ text }: ts.SourceFile): string {
  const first = text.startsWith('/**') ? text.slice(0, text.indexOf('*/')) : '';
  return /@packageDocumentation|@module/.test(first) ? first : '';
}

function docstringOf(node: ts.Node): string {
  const holder = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  return ts
    .getJSDocCommentsAndTags(holder)
    .filter(ts.isJSDoc)
    .map((doc) => doc.getText())
    .join('\n');
}
