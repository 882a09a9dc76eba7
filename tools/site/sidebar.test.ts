import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pageAddress } from './pages.js';
import { sidebarOf } from './sidebar.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const links = sidebarOf(root, []).flatMap(({ items = [] }) => items.map(({ link }) => link));

test('each page of docs stands in the sidebar once', () => {
  const files = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  expect(files.length).toBeGreaterThan(30);
  for (const file of files) {
    const address = `/${pageAddress(`docs/${file}`)}`;
    expect(
      links.filter((link) => link === address),
      address,
    ).toHaveLength(1);
  }
});

test('the entries of the API have the names by which they are imported', () => {
  const api = [
    {
      text: '@a7600/tcpip',
      items: [
        { text: 'index', link: '/api/a' },
        { text: 'node', link: '/api/b' },
      ],
    },
  ];
  expect(sidebarOf(root, api).find(({ text }) => text === 'API')?.items).toEqual([
    {
      text: '@a7600/tcpip',
      items: [
        { text: '@a7600/tcpip', link: '/api/a' },
        { text: 'node', link: '/api/b' },
      ],
    },
  ]);
});
