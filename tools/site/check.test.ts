import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { siteFaults } from './check.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

test('accepts resources of the site, and links to it and to other hosts', () => {
  write({
    'index.html': `<link rel="stylesheet" href="/a.css"><script src="/a.js"></script><a href="/guides/a.html#b%20c">
      </a><a href="guides/">folder</a><a href="#top" id="top">up</a><a href="https://example.com/">elsewhere</a>`,
    'guides/index.html': '<a href="../index.html#top">back</a><img src="data:image/png;base64,AA">',
    'guides/a.html': '<h2 id="b c">B C</h2>',
    'a.css': '.a { background: url(/b.svg) } .b { background: url("data:image/svg+xml;utf8,") }',
  });
  expect(siteFaults(folder)).toEqual([]);
});

test.each([
  [
    '<script async src="https://cdn.example/a.js"></script>',
    'loads https://cdn.example/a.js from another host',
  ],
  ['<link rel="preconnect" href="//fonts.example">', 'loads //fonts.example from another host'],
  ['<img alt="a" src="http://example.com/a.png">', 'loads http://example.com/a.png from another host'],
  ['<iframe src="https://example.com/"></iframe>', 'loads https://example.com/ from another host'],
  ['<a href="/missing.html">a</a>', 'links to /missing.html, which is not in the site'],
  ['<a href="./missing/">a</a>', 'links to ./missing/, which is not in the site'],
  ['<a href="#missing">a</a>', 'links to #missing, and index.html has no such heading'],
])('reports %s', (html, fault) => {
  write({ 'index.html': html });
  expect(siteFaults(folder)).toEqual([`index.html ${fault}`]);
});

test.each(['url(https://fonts.example/a.woff2)', "url('//fonts.example/a.woff2')"])(
  'reports %s in a style sheet',
  (source) => {
    write({ 'a.css': `@font-face { src: ${source} }` });
    expect(siteFaults(folder)).toEqual([
      expect.stringMatching(/^a\.css loads .*fonts\.example.* from another host$/),
    ]);
  },
);

test('reports an imported style sheet', () => {
  write({ 'a.css': '@import "https://fonts.example/a.css";' });
  expect(siteFaults(folder)).toEqual(['a.css loads https://fonts.example/a.css from another host']);
});
