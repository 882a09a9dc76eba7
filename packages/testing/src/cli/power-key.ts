import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Observable } from 'rxjs';
import type { Emulator } from '../emulator/emulator.js';

/** The line of standard input that presses the power key. */
export const KEY = 'power';

/**
 * Presses the power key of the modules at `SIGUSR2` and at a line `power` of standard input: what is
 * off starts, what is on is switched off. Cold; emits nothing, never ends by itself.
 */
export function powerKey(modules: readonly Emulator[]): Observable<never> {
  return new Observable(() => {
    const press = () => {
      for (const { control } of modules) control.pressPowerKey();
    };
    process.on('SIGUSR2', press);
    const input = inForeground() ? createInterface({ input: process.stdin }) : undefined;
    // Neither a closed input nor an open one decides how long the program runs.
    process.stdin.unref?.();
    input?.on('line', (line) => {
      if (line.trim() === KEY) press();
      else if (line.trim() !== '') console.error(`"${line.trim()}" is no command: write "${KEY}".`);
    });
    return () => {
      process.off('SIGUSR2', press);
      input?.close();
    };
  });
}

/** A program in the background that reads from its terminal is stopped. */
function inForeground(): boolean {
  if (!process.stdin.isTTY) return true;
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const [, , group, , , foreground] = fields;
    return group === foreground;
  } catch {
    return true;
  }
}
