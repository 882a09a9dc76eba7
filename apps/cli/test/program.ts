import { PassThrough } from 'node:stream';
import { run } from '../src/program.js';

/** What a call of the program printed, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly messages: string;
  /** Both in the order in which they were printed, as a terminal shows them. */
  readonly screen: string;
}

/** Runs the program in this process, with streams that are no terminals, until it ends. */
export async function program(...argv: readonly string[]): Promise<Outcome> {
  return programWith({}, ...argv);
}

/** How the program is run. */
export interface Around {
  readonly input?: string;
  /** Whether the input goes on after that. Default: it ends. */
  readonly inputStays?: boolean;
  /** The width of a terminal; without it, the streams are none. */
  readonly columns?: number;
  /** Called with what has been printed so far, each time that something is. */
  readonly onPrinted?: (screen: string) => void;
}

/** The same with input, or on a terminal of some width. */
export async function programWith(
  { input = '', inputStays = false, columns, onPrinted = () => {} }: Around,
  ...argv: readonly string[]
): Promise<Outcome> {
  const said = { output: '', messages: '', screen: '' };
  const writer = (name: 'output' | 'messages') => ({
    ...(columns !== undefined && { isTTY: true, columns }),
    write(text: string | Uint8Array) {
      const shown = typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
      said[name] += shown;
      said.screen += shown;
      onPrinted(said.screen);
      return true;
    },
  });
  const stdin = new PassThrough();
  stdin.write(input);
  if (!inputStays) stdin.end();
  const code = await run(argv, {
    input: stdin as unknown as NodeJS.ReadStream,
    output: writer('output'),
    messages: writer('messages'),
    env: {},
  });
  return { code, ...said };
}
