// Draws the pictures of the docs, from real runs. Usage: npm run pictures [-- --check]
// With --check it compares them with those of the repository, and writes nothing.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytePicture } from './byte.js';
import { layersPicture } from './layers.js';
import { recoveryPicture } from './recovery.js';
import { terminalPicture } from './terminal.js';

const check = process.argv.includes('--check');

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'docs', 'pictures');
mkdirSync(folder, { recursive: true });
const pictures = {
  byte: bytePicture(),
  layers: layersPicture(),
  recovery: recoveryPicture(),
  demo: await terminalPicture('npm start --silent -- --once', root, sameEachTime),
};
for (const [name, svg] of Object.entries(pictures)) {
  const file = join(folder, `${name}.svg`);
  if (!check) {
    writeFileSync(file, svg);
    console.log(`docs/pictures/${name}.svg: ${(svg.length / 1000).toFixed(1)} kB`);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== svg) {
    console.error(`docs/pictures/${name}.svg is not what a new run draws: npm run pictures`);
    process.exitCode = 1;
  } else console.log(`docs/pictures/${name}.svg is what a new run draws.`);
}

/** The port is a free one, and the time is that of the machine: the picture shows neither. */
function sameEachTime(line: string): string {
  return line
    .replace(/port \d+/, 'port …')
    .replace(/in [\d.]+ s \([\d.,]+ kB\/s each way\)/, 'in … s (… kB/s each way)');
}
