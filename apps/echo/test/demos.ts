import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { NOTHING_INHERITED, PLAIN_ENVIRONMENT } from '../../../tools/programs.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The demo as a process. */
export interface Demo {
  readonly child: ChildProcess;
  /** Its output so far. */
  readonly printed: { out: string; error: string };
  /** Resolves with the match once it has printed a match. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  readonly exit: Promise<number | null>;
}

/** Gives the tests of a file a way to start the demo as `npm start` does; what was started ends with the file. */
export function demos(): (...args: string[]) => Demo {
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });
  return (...args) => {
    const child = spawn(
      process.execPath,
      ['--conditions=@a7600/source', 'tools/start.mjs', 'apps/echo/src/main.ts', ...args],
      { cwd: root, env: PLAIN_ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe', ...NOTHING_INHERITED] },
    );
    children.push(child);
    return watched(child);
  };
}

function watched(child: ChildProcess): Demo {
  const printed = { out: '', error: '' };
  const waiting = new Set<() => void>();
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    printed.out += chunk;
    for (const check of waiting) check();
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    printed.error += chunk;
  });
  return {
    child,
    printed,
    exit: once(child, 'close').then(([code]) => code as number | null),
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(printed.out);
          if (match === null) return;
          waiting.delete(check);
          resolve(match);
        };
        waiting.add(check);
        child.once('close', () =>
          reject(new Error(`It ended without ${pattern}: ${printed.out}${printed.error}`)),
        );
        check();
      }),
  };
}

/** Sends `sent`, waits until as many bytes come back, and disconnects. */
export async function exchange(port: number, sent: string): Promise<string> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  socket.write(sent);
  let received = '';
  for await (const chunk of socket) {
    received += chunk;
    if (received.length >= sent.length) break;
  }
  return received;
}
