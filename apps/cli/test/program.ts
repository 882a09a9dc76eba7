import { PassThrough } from 'node:stream';
import { run } from '../src/program.js';

/** What a call of the program printed, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly messages: string;
}

/** Runs the program in this process, with streams that are no terminals, until it ends. */
export async function program(...argv: readonly string[]): Promise<Outcome> {
  return programWith({}, ...argv);
}

/** The same with input, or on a terminal of some width. */
export async function programWith(
  { input = '', columns }: { readonly input?: string; readonly columns?: number },
  ...argv: readonly string[]
): Promise<Outcome> {
  const said = { output: '', messages: '' };
  const writer = (name: 'output' | 'messages') => ({
    ...(columns !== undefined && { isTTY: true, columns }),
    write(text: string | Uint8Array) {
      said[name] += typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
      return true;
    },
  });
  const stdin = new PassThrough();
  stdin.end(input);
  const code = await run(argv, {
    input: stdin as unknown as NodeJS.ReadStream,
    output: writer('output'),
    messages: writer('messages'),
    env: {},
  });
  return { code, ...said };
}
