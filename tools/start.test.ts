import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

// A small clone, of which the program says only what the tests have written.

const root = fileURLToPath(new URL('..', import.meta.url));
const clone = mkdtempSync(join(tmpdir(), 'a7600-clone-'));
const source = (name: string) => join(clone, 'apps/cli/src', name);
const program = (...args: string[]) =>
  execFileSync(process.execPath, [join(clone, 'tools/start.mjs'), source('main.ts'), ...args], {
    encoding: 'utf8',
  });
const bundles = () =>
  readdirSync(join(clone, 'node_modules/.cache/a7600')).filter((name) => /^\w{16}$/.test(name));

beforeAll(() => {
  for (const folder of ['apps/cli/src', 'node_modules']) mkdirSync(join(clone, folder), { recursive: true });
  const code = ['packages/at-codec/assembly', 'packages/at-codec/src/decoder/line-index-code.ts'];
  for (const path of ['tools/start.mjs', 'tools/setup.mjs', 'tools/line-index.mjs', ...code])
    cpSync(join(root, path), join(clone, path), { recursive: true });
  for (const lock of ['package-lock.json', 'node_modules/.package-lock.json'])
    writeFileSync(join(clone, lock), '{ "packages": {} }');
  writeFileSync(join(clone, 'package.json'), '{ "type": "module" }');
  for (const name of ['esbuild', 'tsx'])
    symlinkSync(join(root, 'node_modules', name), join(clone, 'node_modules', name));
  writeFileSync(source('word.ts'), "export const word: string = 'one';");
  writeFileSync(
    source('main.ts'),
    "import { word } from './word.js';\nconsole.log(word, process.argv.slice(2).join(), import.meta.url);",
  );
});
afterAll(() => rmSync(clone, { recursive: true }));

test('the bundle is kept, knows where its sources are, and is made again when one of them has changed', () => {
  const here = pathToFileURL(source('main.ts')).href;
  expect(program('a', 'b')).toBe(`one a,b ${here}\n`);
  const [first] = bundles();
  expect(program()).toBe(`one  ${here}\n`);
  expect(bundles()).toEqual([first]);
  writeFileSync(source('word.ts'), "export const word: string = 'two';");
  // As short, and in the same moment: an hour later is enough to notice it.
  const later = new Date(Date.now() + 3_600_000);
  utimesSync(source('word.ts'), later, later);
  expect(program()).toBe(`two  ${here}\n`);
  expect(bundles()).toHaveLength(2);
});

test('a source that was removed is noticed', () => {
  program();
  rmSync(source('word.ts'));
  writeFileSync(source('main.ts'), "console.log('alone');");
  expect(program()).toBe('alone\n');
});

// Only root can take another user's identity.
test.skipIf(process.getuid?.() !== 0)('a user who may not keep a bundle runs the sources', () => {
  program();
  writeFileSync(source('main.ts'), "console.log('changed' as string);");
  chmodSync(clone, 0o755);
  const user = { encoding: 'utf8', uid: 65_534, gid: 65_534 } as const;
  const call = [join(clone, 'tools/start.mjs'), source('main.ts')];
  expect(execFileSync(process.execPath, call, user)).toBe('changed\n');
});
