import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * Fails a build whose first view is larger than so many kB (1000 bytes, gzipped): the page, what it imports and
 * its style sheets, and the worker with what that imports. What is imported later, when a part of the page is opened,
 * does not count.
 */
export function sizeLimit(kB: number): Plugin {
  let folder = '';
  return {
    name: 'size-limit',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    closeBundle() {
      const read = (path: string) => readFileSync(join(folder, path));
      const files = new Set<string>(['index.html']);
      for (const file of files) {
        const text = read(file).toString();
        // The text of a program that the page has mentions files, too.
        for (const found of references(file, text)) if (existsSync(join(folder, found))) files.add(found);
      }
      const size =
        [...files].reduce((sum, file) => sum + gzipSync(read(file), { level: 9 }).length, 0) / 1_000;
      console.log(`First view: ${size.toFixed(1)} kB of ${kB} kB gzipped, in ${files.size} files.`);
      if (size > kB) throw new Error(`The first view has ${size.toFixed(1)} kB; ${kB} kB are the limit.`);
    },
  };
}

/** What a file of the build loads at once: scripts and style sheets, static imports, the worker. */
function references(file: string, text: string): string[] {
  const pattern = file.endsWith('.html')
    ? /(?:src|href)="\.\/assets\/([^"]+)"/g
    : /(?:\bfrom|\bimport|new URL\()\s*["'`](?:\.\/)?([\w-]+\.js)["'`]/g;
  return [...text.matchAll(pattern)].map(([, name]) => `assets/${name}`);
}
