// Draws the pictures of the docs, from real runs. Usage: npm run pictures
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytePicture } from './byte.js';
import { layersPicture } from './layers.js';
import { recoveryPicture } from './recovery.js';
import { terminalPicture } from './terminal.js';

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
  writeFileSync(join(folder, `${name}.svg`), svg);
  console.log(`docs/pictures/${name}.svg: ${(svg.length / 1000).toFixed(1)} kB`);
}

/** The port is a free one, and the time is that of the machine: the picture shows neither. */
function sameEachTime(line: string): string {
  return line
    .replace(/port \d+/, 'port …')
    .replace(/in [\d.]+ s \([\d.,]+ kB\/s each way\)/, 'in … s (… kB/s each way)');
}
