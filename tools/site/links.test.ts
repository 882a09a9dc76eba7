import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../lint/links.js';
import { siteLink } from './links.js';
import { addressOf, pageAddress } from './pages.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test.each([
  ['README.md', 'docs/getting-started.md#with-a-module', '/getting-started.md#with-a-module'],
  ['README.md', 'packages/tcpip', '/packages/tcpip.md'],
  ['README.md', 'docs/decisions', '/decisions/index.md'],
  ['README.md', 'apps/echo', `${REPOSITORY}apps/echo`],
  ['docs/getting-started.md', '../README.md', '/index.md'],
  ['docs/getting-started.md', '../examples/', '/examples.md'],
  ['docs/decisions/README.md', 'command-queue.md', '/decisions/command-queue.md'],
  ['packages/testing/README.md', '../../tools/fuzz.ts', `${REPOSITORY}tools/fuzz.ts`],
  ['packages/transport/README.md', `${REPOSITORY}docs/errors.md`, '/errors.md'],
  ['README.md', '#packages', '#packages'],
  ['README.md', 'https://example.com/a', 'https://example.com/a'],
  ['README.md', 'mailto:a@example.com', 'mailto:a@example.com'],
])('on %s, %s leads to %s', (page, target, expected) => {
  expect(siteLink(root, page, target)).toBe(expected);
});

test('a link to a page that does not exist stays one, so that the build reports it', () => {
  expect(siteLink(root, 'README.md', 'docs/missing.md')).toBe('/missing.md');
});

test('other Markdown files are no pages', () => {
  expect(addressOf('apps/echo/README.md')).toBeUndefined();
  expect(() => pageAddress('packages/testing/test/README.md')).toThrow('is no page of the site');
});
