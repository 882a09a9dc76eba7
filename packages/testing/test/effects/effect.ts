import type { Behaviour } from '../../src/emulator/at/behaviour.js';
import { sim7600 } from '../../src/emulator/profiles/sim7600.js';
import { type Console, type ConsoleOptions, connected, openOnline, say } from '../console.js';

/** A command that sets something, and what is different after it; reading it back does not count. */
export interface Effect {
  /** The command without `AT`, or more than one command. */
  readonly set: string | ((console: Console) => void);
  readonly begin?: (options: ConsoleOptions) => Console;
  readonly options?: ConsoleOptions;
  /** Looks for the difference. */
  readonly seen: (console: Console) => unknown;
}

/** A command whose value says what to do or to show now: two values, whose outcomes differ. */
export interface Question {
  readonly asks: readonly [one: string, other: string];
  /** What comes of a command. Default: what is printed until a second later. */
  readonly through?: (console: Console, command: string) => unknown;
  readonly begin?: (options: ConsoleOptions) => Console;
  readonly options?: ConsoleOptions;
}

/** Rows by {@link keyOf} of their commands. */
export type Effects = Readonly<Record<string, readonly (Effect | Question)[]>>;

/** The name of a command, with its family where only one has it. */
export function keyOf({ command, family }: Pick<Behaviour, 'command' | 'family'>): string {
  return family === undefined ? command : `${command} of ${family}`;
}

/** Options of a SIM7600. */
export const OF_SIM7600: ConsoleOptions = { profile: sim7600 };

/** What the module prints when it reports that line. */
export function printedFor(console: Console, text: string): string {
  console.printed();
  console.module.control.report(text);
  return console.printed();
}

/** What is printed for data that link 1 receives. */
export function pushed(console: Console): string {
  const far = connected(console, 1);
  console.printed();
  say(far, 'data');
  return console.printed() + console.wait(500);
}

/** Online in direct push. */
export function pushing(options: ConsoleOptions): Console {
  const console = openOnline(options);
  console.at('+CIPRXGET=0');
  return console;
}

/** Restarts the module, and leaves it ready, with its echo off. */
export function restarted(console: Console): Console {
  console.module.control.restart();
  console.wait(30_000);
  console.at('E0');
  console.printed();
  return console;
}
