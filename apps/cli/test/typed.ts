import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import type { Subscription } from 'rxjs';
import { PLAIN_ENVIRONMENT } from '../../../tools/programs.js';
import { A7600 } from './real.js';

/** A person who uses the program at a real terminal. */
export interface Typed {
  /** Types; Enter is `\r`. */
  type(text: string): void;
  /** Resolves once the screen shows something; rejects with the screen if the program ends before. */
  shows(pattern: RegExp): Promise<void>;
  /** The lines of the screen, those that were scrolled away included. */
  screen(): string[];
  /** The exit code. */
  readonly ended: Promise<number>;
}

/** Starts the program on a pseudo-terminal of some width. */
export function typed(open: Subscription, columns: number, ...args: readonly string[]): Typed {
  const [node = '', ...rest] = [...A7600, ...args];
  const pty = spawn(node, rest, {
    cols: columns,
    rows: 12,
    env: { ...PLAIN_ENVIRONMENT, TERM: 'xterm', NO_COLOR: '1' },
  });
  open.add(() => pty.kill('SIGKILL'));
  const terminal = new headless.Terminal({
    cols: columns,
    rows: 12,
    scrollback: 500,
    allowProposedApi: true,
  });
  const screen = () => {
    const { active } = terminal.buffer;
    return Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    );
  };
  const looking = new Set<() => void>();
  let isOver = false;
  pty.onData((text) =>
    terminal.write(text, () => {
      for (const look of looking) look();
    }),
  );
  const ended = new Promise<number>((resolve) =>
    pty.onExit(({ exitCode }) => {
      isOver = true;
      resolve(exitCode);
      for (const look of looking) look();
    }),
  );
  return {
    type: (text) => pty.write(text),
    screen,
    ended,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const isThere = pattern.test(screen().join('\n'));
          if (!isThere && !isOver) return;
          looking.delete(look);
          if (isThere) resolve();
          else reject(new Error(`It ended without ${pattern}:\n${screen().join('\n')}`));
        };
        looking.add(look);
        look();
      }),
  };
}
