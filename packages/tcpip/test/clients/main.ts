// Every client in full: npm run test:clients [-- --write] [-- --only WORDS] [-- --scenario NAME]
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CLIENTS } from './all.js';
import { matrix, type Row } from './matrix.js';
import { FULL, play, SHORT, scenariosOf } from './scenarios.js';

const { values } = parseArgs({
  options: {
    write: { type: 'boolean' },
    short: { type: 'boolean' },
    only: { type: 'string' },
    scenario: { type: 'string' },
  },
});
const { only = '', write = false, short = false, scenario: wanted } = values;
if (write && (only !== '' || wanted !== undefined || short)) {
  console.error('--write is for a run of everything.');
  process.exit(2);
}

// An unhandled error would end a program: it counts against the client.
let unhandled: Error | undefined;
process.on('uncaughtException', (error: Error) => {
  unhandled = error;
});

const rows: Row[] = [];
let failures = 0;
for (const client of CLIENTS.filter(({ name }) => name.includes(only))) {
  const results: Row['results'] = {};
  for (const scenario of scenariosOf(client).filter((name) => wanted === undefined || name === wanted)) {
    const start = Date.now();
    unhandled = undefined;
    const rejected = await play(client, scenario, short ? SHORT : FULL).then(
      () => undefined,
      (error: Error) => error.message,
    );
    const failure = rejected ?? (unhandled as Error | undefined)?.message;
    if (failure !== undefined) failures += 1;
    results[scenario] = failure === undefined ? 'ok' : `fails: ${failure}`;
    console.log(
      `${failure === undefined ? 'ok   ' : 'FAIL '} ${client.name}: ${scenario}, ${Date.now() - start} ms ${failure ?? ''}`,
    );
  }
  rows.push({ client, results });
}

const page = fileURLToPath(new URL('../../../../docs/clients.md', import.meta.url));
const text = matrix(rows);
if (write) writeFileSync(page, text);
else if (only === '' && wanted === undefined && !short && readFileSync(page, 'utf8') !== text)
  console.log('docs/clients.md is another: run with --write.');
console.log(failures === 0 ? 'All clients do what they should.' : `${failures} failures.`);
process.exit(failures === 0 ? 0 : 1);
