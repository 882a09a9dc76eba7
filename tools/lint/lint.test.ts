import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { callbacks } from './callbacks.js';
import { cycles } from './cycles.js';
import { docstrings } from './docstrings.js';
import { folderDocstrings, layering } from './layers.js';
import { links, REPOSITORY } from './links.js';
import { pages } from './pages.js';
import { type Source, sourceOf } from './source.js';
import { terms } from './terms.js';

const sourcesOf = (files: Readonly<Record<string, string>>): Source[] =>
  Object.entries(files).map(([path, text]) => sourceOf(path, text));

/** Compiles sources that are only in memory. */
function compiled(files: Readonly<Record<string, string>>) {
  const options: ts.CompilerOptions = { strict: true, target: ts.ScriptTarget.ES2022, noLib: true };
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (name, version) =>
    ts.createSourceFile(name, files[name.slice(1)] ?? '', version, true);
  host.fileExists = (name) => name.slice(1) in files;
  host.directoryExists = () => true;
  const program = ts.createProgram(
    Object.keys(files).map((path) => `/${path}`),
    options,
    host,
  );
  const sources = Object.entries(files).flatMap(([path, text]): Source[] => {
    const tree = program.getSourceFile(`/${path}`);
    return tree === undefined ? [] : [{ path, text, tree }];
  });
  return { program, sources };
}

describe('import cycles', () => {
  test('names the shortest circle, and how many sources are in the group', () => {
    const found = cycles(
      sourcesOf({
        'p/x/src/a.ts': "import { b } from './b.js';",
        'p/x/src/b.ts': "import { c } from './c.js';\nimport { d } from './d.js';",
        'p/x/src/c.ts': "import { a } from './a.js';",
        'p/x/src/d.ts': "import { c } from './c.js';",
        'p/x/src/e.ts': "import { a } from './a.js';",
      }),
    );
    expect(found.map(({ message }) => message)).toEqual([
      'imports go round in a circle (4 sources are part of it): p/x/src/a.ts → p/x/src/b.ts → p/x/src/c.ts → p/x/src/a.ts',
    ]);
  });

  test.each([
    ['of types', "import type { B } from './b.js';"],
    ['by a re-export', "export { b } from './b.js';"],
    ['by import()', "const b = () => import('./b.js');"],
    ['in a type', "type B = import('./b.js').B;"],
  ])('counts an import %s', (_, text) => {
    expect(cycles(sourcesOf({ 'a.ts': text, 'b.ts': "import { a } from './a.js';" }))).toHaveLength(1);
  });

  test('allows two ways to the same source', () => {
    const files = {
      'a.ts': "import './b.js'; import './c.js';",
      'b.ts': "import './d.js';",
      'c.ts': "import './d.js';",
      'd.ts': '',
    };
    expect(cycles(sourcesOf(files))).toEqual([]);
  });
});

describe('layers', () => {
  const layers = { 'p/x/src': ['errors.ts', 'line', 'links', 'links/special'] };
  const check = (path: string, text: string) => layering([sourceOf(path, text)], layers);

  test('refuses an import from a folder above', () => {
    const [found] = check('p/x/src/line/a.ts', "import type { B } from '../links/b.js';");
    expect(found?.message).toMatch(/^line may not import from links, which is above it/);
  });

  test('refuses an import from a folder above by its longest entry', () => {
    expect(check('p/x/src/links/a.ts', "import { b } from './special/b.js';")).toHaveLength(1);
    expect(check('p/x/src/links/special/b.ts', "import { a } from '../a.js';")).toEqual([]);
  });

  test('refuses a source without a layer', () => {
    expect(check('p/x/src/other/a.ts', '')[0]?.message).toMatch(/no place in the layers/);
  });

  test('allows imports that go down or stay, and the index above all', () => {
    expect(
      check('p/x/src/links/a.ts', "import '../line/b.js'; import './c.js'; import '../errors.js';"),
    ).toEqual([]);
    expect(check('p/x/src/index.ts', "export { b } from './links/b.js';")).toEqual([]);
  });
});

test('a folder of the layers has a file that begins with what it is for', () => {
  const check = (text: string) =>
    folderDocstrings([sourceOf('p/x/src/line/a.ts', text), sourceOf('p/x/src/line/b.ts', '')], {
      'p/x/src': ['line', 'links'],
    });
  expect(check('/**\n * The line.\n *\n * @module\n */\n\nlet a = 1;')).toEqual([]);
  expect(check('/** Of `a`. */\nlet a = 1; /** @module */').map(({ message }) => message)).toEqual([
    'nothing says what line is for: begin its main file with a docstring with @module',
  ]);
});

describe('assignable callbacks', () => {
  const check = (text: string) => {
    const { program, sources } = compiled({ 'a.ts': text });
    return callbacks(sources, program.getTypeChecker()).map(({ line }) => line);
  };

  test.each([
    ['a property of a class', 'class A { onData: () => void = () => {}; }'],
    ['a property whose type is inferred', 'const noop = () => {}; class A { onData = noop; }'],
    ['one that may be undefined', 'class A { onData: (() => void) | undefined; }'],
    ['one with a named type', 'type F = () => void; class A { onData?: F; }'],
    ['a property of an interface', 'interface A { onData: () => void }'],
    ['a parameter property', 'class A { constructor(public onData: () => void) {} }'],
    ['a setter', 'class A { set onData(value: () => void) {} }'],
  ])('refuses %s', (_, text) => {
    expect(check(text)).toEqual([1]);
  });

  test.each([
    ['a readonly property', 'class A { readonly onData = () => {}; }'],
    ['a private one', 'class A { private onData = () => {}; #onEnd = () => {}; }'],
    ['a method', 'class A { onData(): void {} }\ninterface B { onData(): void }'],
    ['a property that is no function', 'class A { size = 1; }'],
  ])('allows %s', (_, text) => {
    expect(check(text)).toEqual([]);
  });
});

describe('docstrings', () => {
  const check = (text: string) => {
    const { program, sources } = compiled({ 'p/x/src/index.ts': text });
    return docstrings(sources, program).map(({ message }) => message);
  };

  test('refuses a public name without one', () => {
    expect(check('export const a = 1;')).toEqual(['a lacks a docstring']);
    expect(check('/** An interface. */ export interface A { size: number }')).toEqual([
      'A.size lacks a docstring',
    ]);
  });

  test('refuses parameters, results and errors that it does not name', () => {
    expect(
      check('/** Adds. */ export function add(a: number): number { if (a) throw 1; return a; }'),
    ).toEqual(['add lacks @param a', 'add lacks @returns', 'add lacks @throws']);
    expect(check('/** Adds. */ export const add = (a: number): number => a;')).toEqual([
      'add lacks @param a',
      'add lacks @returns',
    ]);
  });

  test('allows what is complete, private, internal or inherited', () => {
    expect(
      check(`/** A base. */ export class A {
  /** The size. */
  size = 1;
  private b = 2;
  /** @internal */
  c = 3;
}
/** Another. */ export class B extends A { override size = 2; }
/** Adds. @param a The one. @returns the sum. */ export function add(a: number): number { return a; }
const hidden = 1;`),
    ).toEqual([]);
  });

  test('a deprecated name says since when, and what replaces it', () => {
    const lacks = 'a lacks "Since VERSION: use `NAME`." after @deprecated';
    expect(check('/** One. @deprecated */ export const a = 1;')).toEqual([lacks]);
    expect(check('/** One. @deprecated Use `b`. */ export const a = 1;')).toEqual([lacks]);
    expect(check('/** One. @deprecated Since 0.2: use `b`. */ export const a = 1;')).toEqual([]);
  });

  test('sees through a re-export', () => {
    const { program, sources } = compiled({
      'p/x/src/index.ts': "export { a } from './a';",
      'p/x/src/a.ts': 'export const a = 1;',
    });
    const [found] = docstrings(sources.slice(0, 1), program);
    expect(found).toEqual({ path: 'p/x/src/a.ts', line: 1, message: 'a lacks a docstring' });
  });
});

describe('replaced words', () => {
  const words = [
    { words: ['rung', 'read late'], use: 'recovery level' },
    { words: ['in front of'], use: 'before', where: 'prose' as const },
    { words: ['unit'], use: 'frame', where: 'names' as const, within: ['packages/at-codec'] },
  ];
  const check = (path: string, text: string) =>
    terms(path, text, words).map(({ line, message }) => `${line} ${message.split(':')[0]}`);

  test.each([
    ['an identifier', 'a.ts', 'let rung = 1;'],
    ['a part of an identifier', 'a.ts', 'let nextRung = 1;'],
    ['a constant', 'a.ts', 'const LAST_RUNG = 1;'],
    ['a private name', 'a.ts', 'class A { #rung = 1; }'],
    ['a file name', 'next-rung.ts', ''],
    ['a comment', 'a.ts', '// the next rung'],
    ['a docstring', 'a.ts', '/** The rung. */'],
    ['a message', 'a.ts', "throw new Error('No rung is left.');"],
    ['a template', 'a.ts', ['const text = `the rung $', '{1}`;'].join('')],
    ['a page', 'a.md', 'The next rung.'],
  ])('are found in %s', (_, path, text) => {
    expect(check(path, text)).toEqual(['1 "rung" is not a word of this project']);
  });

  test('are named with what to use instead', () => {
    expect(terms('a.md', 'rung', words)[0]?.message).toContain('use recovery level');
  });

  test('are found as several words, also across lines', () => {
    expect(check('a.ts', 'const readLate = 1;')).toHaveLength(1);
    expect(check('a.ts', '/**\n * It stands in\n * front of it.\n */')).toHaveLength(1);
  });

  test('have their places: names or prose, and folders', () => {
    expect(check('a.ts', 'const inFrontOf = 1;')).toEqual([]);
    expect(check('packages/at-codec/src/a.ts', 'let unit = 1; // a unit')).toHaveLength(1);
    expect(check('packages/tcpip/src/a.ts', 'let unit = 1;')).toEqual([]);
  });

  test('are not found inside other words, nor in the code and the links of a page', () => {
    expect(check('a.ts', "let strung = 1; const hidden = 'rung';")).toEqual([]);
    expect(check('a.md', 'Wrung. `rung` and [this](rung.md).\n```ts\nlet rung;\n```')).toEqual([]);
  });
});

describe('code blocks of pages', () => {
  const files: Readonly<Record<string, string>> = {
    'examples/a.ts': 'const a = 1;\n',
    'examples/b.ts': 'function f() {\n  // #region part\n  if (a) {\n    b();\n  }\n  // #endregion\n}\n',
  };
  const check = (path: string, page: string) =>
    pages(path, page, (file) => files[file]).map(({ line, message }) => `${line} ${message}`);

  test.each([
    ['a program that no file contains', '\n```ts\nconst a = 1;\n```\n', /^2 nothing runs this program/],
    [
      'a program that differs from its file',
      '<!-- examples/a.ts -->\n```ts\nconst a = 2;\n```\n',
      /^2 the block differs/,
    ],
    [
      'a file that is missing',
      '<!-- examples/c.ts -->\n```ts\nconst a = 1;\n```\n',
      /there is no examples\/c\.ts/,
    ],
    ['a region that is missing', '<!-- examples/b.ts#c -->\n```ts\nb();\n```\n', /no region "c"/],
    [
      'commands of a kind that is not declared',
      '<!-- boring -->\n```sh\nx\n```\n',
      /^2 npm run newcomer does not/,
    ],
    ['commands that look like data', '```text\n$ npm run x\n```\n', /^1 commands are blocks of "sh"/],
    ['commands in an indented block', '1. Run\n   ```sh\n   x\n   ```\n', /^2 nothing runs a block/],
    ['commands between tildes', 'Run\n~~~sh\nx\n~~~\n', /^2 nothing runs a block/],
    ['a block without a language', '```\nx\n```\n', /neither a program/],
  ])('refuses %s', (_, page, message) => {
    expect(check('packages/x/README.md', page)).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    ['a file', '<!-- examples/a.ts -->\n```ts\nconst a = 1;\n```\n'],
    ['a region, without its indentation', '<!-- examples/b.ts#part -->\n```ts\nif (a) {\n  b();\n}\n```\n'],
    ['commands that run in a clone', '```sh\nnpm test\n```\n'],
    ['commands for a module', '<!-- needs a module -->\n```sh\nnpm start\n```\n'],
    ['commands that cannot run', '<!-- needs root -->\n```sh\nsudo true\n```\n'],
    ['data', '```json\n{}\n```\n'],
  ])('allows %s', (_, page) => {
    expect(check('packages/x/README.md', page)).toEqual([]);
  });
});

describe('links', () => {
  const files: Readonly<Record<string, string>> = {
    'README.md': '# A7600: the SDK\n',
    'docs/a.md': '## Bytes, `lost`\n',
    'packages/x/README.md': '',
    'packages/x/src/b.md': '',
    'packages/x/examples/c.ts': '',
  };
  const check = (path: string, page: string) =>
    links(path, page, {
      exists: (file) => file in files,
      read: (file) => files[file] ?? '',
      packedIn: (file) => /^packages\/\w+/.exec(file)?.[0],
    }).map(({ message }) => message);

  test.each([
    ['a file that is missing', 'docs/a.md', '[b](b.md)', /b\.md names nothing/],
    ['a heading that is missing', 'README.md', '[a](docs/a.md#lost)', /no heading #lost/],
    ['a heading of its own that is missing', 'docs/a.md', '[a](#lost)', /no heading #lost/],
    ['a file outside of the tarball', 'packages/x/README.md', '[a](../../docs/a.md)', /not in the tarball/],
    ['a file that is not packed', 'packages/x/README.md', '[c](examples/c.ts)', /not in the tarball/],
    ['a remote file that is missing', 'packages/x/README.md', `[a](${REPOSITORY}docs/b.md)`, /names nothing/],
  ])('refuses %s', (_, path, page, message) => {
    expect(check(path, page)).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    ['files and headings', 'README.md', '[a](docs/a.md) [h](docs/a.md#bytes-lost) [me](#a7600-the-sdk)'],
    ['files of the tarball', 'packages/x/README.md', '[b](src/b.md)'],
    ['files of the repository', 'packages/x/README.md', `[a](${REPOSITORY}docs/a.md#bytes-lost)`],
    ['other sites', 'README.md', '[x](https://example.com/x)'],
    ['code', 'README.md', '```text\n[b](b.md)\n```\n'],
  ])('allows %s', (_, path, page) => {
    const text = path === 'README.md' ? `# A7600: the SDK\n${page}` : page;
    expect(check(path, text)).toEqual([]);
  });
});
