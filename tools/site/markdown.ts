import { relative, sep } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { siteLink } from './links.js';

/** What VitePress tells of the page that it renders. */
interface PageEnvironment {
  readonly path: string;
  readonly realPath?: string;
}

/** Makes diagrams of the blocks in Mermaid's language, and links of the site of those of the repository. */
export function extendMarkdown(md: MarkdownRenderer, root: string): void {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() === 'mermaid') return `<Mermaid code="${encodeURIComponent(token.content)}" />`;
    return fence?.(tokens, index, options, env, self) ?? '';
  };
  md.core.ruler.push('site-links', ({ tokens, env }) => {
    const { path, realPath = path } = env as PageEnvironment;
    const page = relative(root, realPath).split(sep).join('/');
    if (page.startsWith('apps/docs/api/')) return;
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const target = token.attrGet('href');
      if (token.type === 'link_open' && target !== null) token.attrSet('href', siteLink(root, page, target));
    }
  });
}
