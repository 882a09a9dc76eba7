import type { Command } from 'commander';
import type { Observable } from 'rxjs';
import type { Connection } from './connection/connection.js';
import type { Console, Output } from './console.js';
import type { ExitCode } from './exit-code.js';

/** What a subcommand does, in a file of its own below `commands/`; `commands/index.ts` lists them by name. */
export interface Subcommand {
  /** Text below the options in `--help`: examples, and what the person has to know. */
  readonly notes?: string;
  /** Whether it talks to a modem: it then has the connection options, and `call.connection`. */
  readonly connects: boolean;
  /** Whether it opens no network: it says so to who gives it the options for access to one. */
  readonly onlyLine?: boolean;
  /** Whether it reads its options, `--help` too, by itself: all of them are in `call.args`. */
  readonly ownOptions?: boolean;
  /** Whether it takes words after its arguments, and checks them by itself; others refuse them. */
  readonly checksWords?: boolean;
  /** Whether a signal is the usual way to end it, so that its exit code is 0 then. */
  readonly endsBySignal?: boolean;
  /** Adds arguments and options of its own. */
  define?(command: Command): void;
  /**
   * Does its work while it is subscribed to. What it emits last is its exit code, 0 without any; an
   * error is printed and becomes one (`exitCodeOf`). A signal unsubscribes: teardown closes in order.
   */
  run(call: Call): Observable<ExitCode>;
}

/** One call of a subcommand. */
export interface Call {
  /** What stands on the command line without the options; a variadic argument is several of them. */
  readonly args: readonly string[];
  /** The values of the options that `define` added, by their names in camel case. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The modem that the options name. Throws where `connects` is false. */
  readonly connection: Connection;
  readonly console: Console;
  readonly input: NodeJS.ReadStream;
}

/** The streams and the environment of a process, which a test replaces. */
export interface Surroundings {
  readonly input: NodeJS.ReadStream;
  readonly output: Output;
  readonly messages: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}
