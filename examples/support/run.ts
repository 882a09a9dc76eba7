import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { NOTHING_INHERITED, PLAIN_ENVIRONMENT } from '../../tools/programs.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An example that runs. */
export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves once the example has printed a text; rejects if it ends without. */
  printed(text: string): Promise<void>;
}

/** Starts an example as `npm run example` does. */
export function start(name: string, ...args: string[]): Running {
  const child = spawn(
    process.execPath,
    ['--conditions=@a7600/source', 'tools/start.mjs', `examples/${name}.ts`, ...args],
    { cwd: root, env: PLAIN_ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe', ...NOTHING_INHERITED] },
  ) as ChildProcessByStdio<null, Readable, Readable>;
  return {
    child,
    async printed(expected) {
      let output = '';
      for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
        output += chunk;
        if (output.includes(expected)) return;
      }
      throw new Error(`${name} ended without "${expected}": ${output}`);
    },
  };
}

/** Runs an example and returns what it printed. Throws its messages if it failed. */
export async function run(name: string, ...args: string[]): Promise<string> {
  const { child } = start(name, ...args);
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${error}`);
  return out;
}
