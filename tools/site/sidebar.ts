import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { pageAddress } from './pages.js';

type Entry = DefaultTheme.SidebarItem;

/** The guides, in the order of a reader who is new. */
const GUIDES = [
  'sockets',
  'servers',
  'udp',
  'transparent-mode',
  'data-and-control',
  'node-programs',
  'staying-online',
  'testing-your-program',
  'custom-commands',
  'other-languages',
  'property-tests',
  'recordings',
  'browser',
  'security',
  'low-power',
  'troubleshooting',
];
const REFERENCE = [
  'errors',
  'at-coverage',
  'emulator-commands',
  'protocol',
  'recording',
  'fleet-protocol',
  'clients',
  'modules',
];
const BACKGROUND = ['glossary', 'pain-points', 'performance', 'stability'];
const PLACED = ['getting-started', ...REFERENCE, ...BACKGROUND];

/**
 * Returns the sidebar. Sections of which no file is named here list what their folder has.
 *
 * @param root The folder of the repository.
 * @param api The entries of the API reference, as TypeDoc's theme writes them.
 */
export function sidebarOf(root: string, api: Entry[]): Entry[] {
  const page = (file: string): Entry => ({ text: titleOf(join(root, file)), link: `/${pageAddress(file)}` });
  /** The pages of a folder that have these names, in this order, and then those that have no place yet. */
  const pages = (folder: string, names: readonly string[], placed: readonly string[] = names) => {
    const found = readdirSync(join(root, folder)).map((file) => file.replace(/\.md$/, ''));
    const others = found.filter(
      (name) => existsSync(join(root, folder, `${name}.md`)) && !placed.includes(name),
    );
    return [
      ...names.filter((name) => found.includes(name)),
      ...others.filter((name) => name !== 'README'),
    ].map((name) => page(`${folder}/${name}.md`));
  };
  const listed = (folder: string) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .filter((name) => name.endsWith('.md'))
          .sort((a, b) => Number(b === 'README.md') - Number(a === 'README.md') || (a < b ? -1 : 1))
          .map((name) => page(`${folder}/${name}`))
      : [];
  const packages = ['transport', 'at-codec', 'tcpip', 'testing', 'fleet'].map((name) =>
    page(`packages/${name}/README.md`),
  );
  const sections: Entry[] = [
    {
      text: 'Start',
      items: [page('README.md'), page('docs/getting-started.md'), page('examples/README.md')],
    },
    { text: 'Guides', items: pages('docs/guides', GUIDES) },
    { text: 'The program a7600', items: listed('docs/program') },
    { text: 'Packages', items: packages },
    { text: 'Reference', items: REFERENCE.map((name) => page(`docs/${name}.md`)) },
    { text: 'Background', items: [page('ARCHITECTURE.md'), ...pages('docs', BACKGROUND, PLACED)] },
    { text: 'Decisions', collapsed: true, items: listed('docs/decisions') },
    { text: 'Contributing', items: [page('CONTRIBUTING.md'), page('CHANGELOG.md')] },
    { text: 'API', collapsed: true, items: api.map((entry) => named(entry)) },
  ];
  return sections.filter(({ items }) => items?.length !== 0);
}

/** The main entry of a package, which TypeDoc calls `index`, has the name of the package. */
function named(entry: Entry, parent = ''): Entry {
  const { text = '', items } = entry;
  return {
    ...entry,
    text: text === 'index' ? parent : text,
    ...(items && { items: items.map((item) => named(item, text)) }),
  };
}

/** Returns the first heading of a page. */
export function titleOf(file: string): string {
  const heading = /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
  if (heading === undefined) throw new Error(`${file} has no heading: begin it with "# ".`);
  return heading.replaceAll('`', '');
}
