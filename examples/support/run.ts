import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { NOTHING_INHERITED, PLAIN_ENVIRONMENT } from '../../tools/programs.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What an example printed. Throws what it printed as errors, when there are any. */
export async function run(name: string, ...args: string[]): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--conditions=@a7600/source', '--import', 'tsx', `examples/${name}.ts`, ...args],
    { cwd: root, env: PLAIN_ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe', ...NOTHING_INHERITED] },
  );
  if (child.stdout === null || child.stderr === null) throw new Error('It has no output.');
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0 || error !== '') throw new Error(`${name} ended with ${code}: ${error}`);
  return out;
}
