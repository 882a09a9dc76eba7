import pc from 'picocolors';

/** Where a program writes: a terminal, a file or a pipe. */
export interface Output {
  write(text: string | Uint8Array): unknown;
  readonly isTTY?: boolean | undefined;
  /** Width of a terminal. */
  readonly columns?: number | undefined;
}

/** What a subcommand writes, as far as the options want it. */
export interface Console {
  /** Whether results are wanted as JSON, one value a line. */
  readonly json: boolean;
  /** Whether messages are not wanted. */
  readonly quiet: boolean;
  /** Styles for standard output; they change nothing where it is no terminal. */
  readonly style: Styles;
  /** Width of standard output in characters; 80 where it is no terminal. */
  readonly columns: number;
  /** Where results go, for payload and for libraries that draw. */
  readonly output: Output;
  /** Where messages go. */
  readonly messages: Output;
  /** Prints a line of the result to standard output. With `--json`, only {@link value} does. */
  print(line?: string): void;
  /** Prints a value as a line of JSON, with `--json` only. */
  value(value: unknown): void;
  /** Prints a message for the person at the terminal to standard error; not with `--quiet`. */
  tell(line: string): void;
  /** Prints an error to standard error. */
  complain(line: string): void;
}

/** The styles of picocolors. */
export type Styles = ReturnType<typeof pc.createColors>;

/** How a {@link Console} is set up. */
export interface ConsoleOptions {
  readonly output: Output;
  readonly messages: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

const USUAL_WIDTH = 80;

/** Makes a {@link Console}. */
export function consoleOf({ output, messages, env, json = false, quiet = false }: ConsoleOptions): Console {
  const style = pc.createColors(hasColours(output, env));
  const complaint = pc.createColors(hasColours(messages, env));
  return {
    json,
    quiet,
    style,
    output,
    messages,
    // A terminal without a size says 0.
    columns: output.columns || USUAL_WIDTH,
    print: (line = '') => json || output.write(`${line}\n`),
    value: (value) => json && output.write(`${JSON.stringify(value)}\n`),
    tell: (line) => quiet || messages.write(`${line}\n`),
    complain: (line) => messages.write(`${complaint.red(line)}\n`),
  };
}

/** Colours are for terminals; `NO_COLOR` (no-color.org) and `TERM=dumb` switch them off. */
function hasColours({ isTTY }: Output, { NO_COLOR, TERM }: ConsoleOptions['env']): boolean {
  return isTTY === true && (NO_COLOR ?? '') === '' && TERM !== 'dumb';
}
