// Writes the report of each entry of the packages: what it exports, with types. Usage: npm run api
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programOf } from '../lint/program.js';
import { entryReports } from './entries.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join('packages', name);
  for (const { file, report, exported } of entryReports(root, folder, programOf(root, folder))) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), report);
    console.log(`${file}: ${exported.length} exports`);
  }
}
