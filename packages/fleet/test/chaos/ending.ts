import type { EventEmitter } from 'node:events';

/** What of a process is needed to see how it ends. */
export interface Ending extends EventEmitter {
  exitCode?: number | string | null | undefined;
  exit(code: number): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** The exit code of a run that has judged nothing. */
const UNJUDGED = 3;

/**
 * Makes a run say so if it ends before it has judged anything, whatever ends it: an error, a signal, or that nothing is left
 * to wait for. The exit code is then not 0.
 *
 * @param process whose end is watched
 * @param what what is running, for the message
 * @param say prints a line at once
 * @returns is called when the run has judged, before it ends
 */
export function untilJudged(process: Ending, what: string, say: (line: string) => void): () => void {
  let isJudged = false;
  const failed = (error: unknown) => {
    say(`${what} failed: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(UNJUDGED);
  };
  process.on('uncaughtException', failed).on('unhandledRejection', failed);
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      say(`${what} was ended by ${signal}.`);
      process.exit(UNJUDGED);
    });
  }
  process.on('exit', (code: number) => {
    if (isJudged) return;
    say(`${what} has ended before it was judged, with exit code ${code}.`);
    process.exitCode = code === 0 ? UNJUDGED : code;
  });
  return () => {
    isJudged = true;
  };
}
