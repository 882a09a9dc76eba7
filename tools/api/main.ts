// Writes the report of each entry of the packages: what it exports, with types. Usage: npm run api [-- --check]
// With --check it fails instead, if a report is out of date or an export has no release tag.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiReports } from '../lint/api-reports.js';
import { programOf } from '../lint/program.js';
import { readOptions } from '../options.js';
import { entryReports } from './entries.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { check } = readOptions('npm run api [-- --check]', { check: { type: 'boolean' } });

for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join('packages', name);
  const entries = entryReports(root, folder, programOf(root, folder));
  if (check) {
    for (const { path, line, message } of apiReports(root, entries)) {
      console.error(`${path}:${line}: ${message}`);
      process.exitCode = 1;
    }
    continue;
  }
  for (const { file, report, exported } of entries) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), report);
    console.log(`${file}: ${exported.length} exports`);
  }
}
