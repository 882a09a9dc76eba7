import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Subscription } from 'rxjs';
import { endingWithParent } from '../../../tools/programs.js';
import { bundle } from '../test/processes/bundle.js';

/** A process that does one part of the benchmark, without the compiler in its memory. */
export interface Part {
  readonly process: ChildProcess;
  /** The next line that it prints, a JSON value. */
  next(): Promise<Record<string, number>>;
}

/** Bundles a file of this folder and starts it with plain Node, until `open` ends. */
export async function part(open: Subscription, file: string, ...args: string[]): Promise<Part> {
  const outfile = await bundle(open, new URL(file, import.meta.url));
  const child = spawn(...endingWithParent(process.execPath, [outfile, ...args]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  open.add(() => void child.kill('SIGKILL'));
  const lines: Record<string, number>[] = [];
  const waiting: ((line: Record<string, number>) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Record<string, number>;
    const next = waiting.shift();
    if (next === undefined) lines.push(line);
    else next(line);
  });
  return {
    process: child,
    next: () =>
      new Promise((resolve) => {
        const line = lines.shift();
        if (line === undefined) waiting.push(resolve);
        else resolve(line);
      }),
  };
}
