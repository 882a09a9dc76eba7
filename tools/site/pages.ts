/** The Markdown files of the repository that are no pages of the site, as VitePress's `srcExclude`. */
export const EXCLUDED = [
  '**/*.api.md',
  '.*/**',
  'apps/!(docs)/**',
  'apps/docs/!(api)/**',
  'cases/**',
  'coverage/**',
  'packages/*/*/**',
  'packages/*/CHANGELOG.md',
  'tools/**',
];

/** Where each page stands: `docs/` is the root of the site, and the README of a folder stands for the folder. */
const ADDRESSES: readonly (readonly [file: RegExp, address: string])[] = [
  [/^README\.md$/, 'index.md'],
  [/^docs\/(.*\/)?README\.md$/, '$1index.md'],
  [/^docs\/(.+\.md)$/, '$1'],
  [/^apps\/docs\/api\/(.+\.md)$/, 'api/$1'],
  [/^packages\/([^/]+)\/README\.md$/, 'packages/$1.md'],
  [/^examples\/README\.md$/, 'examples.md'],
  [/^(ARCHITECTURE|CHANGELOG|CODE_OF_CONDUCT|CONTRIBUTING|SECURITY)\.md$/, '$1.md'],
];

/** Returns where in the site a file of the repository stands; undefined if it is no page of the site. */
export function addressOf(file: string): string | undefined {
  const found = ADDRESSES.find(([pattern]) => pattern.test(file));
  return found && file.replace(...found).replace(/^[A-Z_]+\.md$/, (name) => name.toLowerCase());
}

/**
 * Returns the address of a page.
 *
 * @throws {Error} if the file is no page of the site.
 */
export function pageAddress(file: string): string {
  const address = addressOf(file);
  if (address === undefined) throw new Error(`${file} is no page of the site: see tools/site/pages.ts.`);
  return address;
}
