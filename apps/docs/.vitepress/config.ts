import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { anchorOf } from '../../../tools/lint/links.js';
import { extendMarkdown } from '../../../tools/site/markdown.js';
import { EXCLUDED, pageAddress } from '../../../tools/site/pages.js';
import { sidebarOf } from '../../../tools/site/sidebar.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const apiSidebar = join(root, 'apps/docs/api/typedoc-sidebar.json');
const api = existsSync(apiSidebar)
  ? (JSON.parse(readFileSync(apiSidebar, 'utf8')) as DefaultTheme.SidebarItem[])
  : [];

export default defineConfig({
  title: 'A7600 SDK',
  description: 'Reactive TypeScript SDK for SIMCom A7600-series LTE modules, with an emulator',
  lang: 'en',
  srcDir: root,
  srcExclude: EXCLUDED,
  rewrites: pageAddress,
  outDir: join(root, 'apps/docs/dist'),
  ignoreDeadLinks: false,
  markdown: { anchor: { slugify: anchorOf }, config: (md) => extendMarkdown(md, root) },
  vite: {
    publicDir: join(root, 'apps/docs/public'),
    server: { watch: { ignored: ['**/.nx/**', '**/dist/**', '**/tarballs/**'] } },
    // Mermaid's own bundle is large, and loaded only by pages with diagrams.
    build: { chunkSizeWarningLimit: 4_000 },
  },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      // A page of its own, which the site does not load into itself.
      { text: 'Playground', link: '/playground/', target: '_self' },
      { text: 'Errors', link: '/errors' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: sidebarOf(root, api),
    outline: [2, 3],
  },
});
