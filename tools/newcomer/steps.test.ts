import { expect, test } from 'vitest';
import { stepsOf } from './steps.js';

const sh = (commands: string, note?: string) =>
  `${note === undefined ? '' : `<!-- ${note} -->\n`}\`\`\`sh\n${commands}\n\`\`\`\n`;

/** The commands of pages of which the first two are what a newcomer reads first. */
function steps(pages: Readonly<Record<string, string>>) {
  const all: Readonly<Record<string, string>> = { 'README.md': '', 'docs/getting-started.md': '', ...pages };
  return stepsOf(Object.keys(all), (page) => all[page] ?? '');
}

test('what a newcomer reads first comes first, then every other page that has commands', () => {
  const found = steps({
    'a.md': sh('three'),
    'README.md': sh('one\ntwo'),
    'docs/getting-started.md': '```ts\nno command\n```\n',
    'b/README.md': sh('four', 'needs the published packages'),
  });
  expect(found.map(({ page, command, where }) => [page, command, where])).toEqual([
    ['README.md', 'one', 'clone'],
    ['README.md', 'two', 'clone'],
    ['a.md', 'three', 'clone'],
    ['b/README.md', 'four', 'published'],
  ]);
});

test('a command of several pages runs once in each place', () => {
  const found = steps({ 'a.md': sh('x'), 'b.md': sh('x'), 'c.md': sh('x', 'run in a new project') });
  expect(found.map(({ page, where }) => [page, where])).toEqual([
    ['a.md', 'clone'],
    ['c.md', 'project'],
  ]);
});

test('commands that cannot run are only read by the shell', () => {
  expect(steps({ 'a.md': sh('sudo one\nsudo two', 'needs root') })).toEqual([
    { page: 'a.md', command: "bash -n <<'END'\nsudo one\nsudo two\nEND", where: 'clone' },
  ]);
});

test('a note that says nothing that is known is an error', () => {
  expect(() => steps({ 'a.md': sh('x', 'boring') })).toThrow('a.md:2: unknown note "boring"');
});
