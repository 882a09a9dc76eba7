import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Modem } from '@a7600/tcpip';
import { toArray } from 'rxjs';

/** What sends a command in the turn of a running program. */
export type CommandRunner = Pick<Modem, 'raw'>;

/** A command of a client, a line of JSON. An empty one is the greeting: only who may write sees what passes. */
export interface ToProgram {
  readonly id: number;
  readonly command: string;
}

/** Its answer; the lines of a recording, which the client gets too, have a `way` and no `id`. */
export interface CommandAnswer {
  readonly id: number;
  readonly lines: readonly string[];
  readonly error?: string;
}

/**
 * Answers the commands that a client of the local socket sends.
 *
 * @param client the client
 * @param modem what sends the commands; undefined while there is no modem
 * @param greeted called once, with the first request
 */
export function answerRequests(
  client: Socket,
  modem: () => CommandRunner | undefined,
  greeted: () => void,
): void {
  let isGreeted = false;
  const lines = createInterface({ input: client });
  lines.on('line', (text) => {
    const request = parse(text);
    if (request === undefined) {
      // A request of a browser, for instance.
      client.destroy();
      return;
    }
    if (!isGreeted) {
      isGreeted = true;
      greeted();
    }
    if (request.command === '') return;
    const reply = (answer: Omit<CommandAnswer, 'id'>) =>
      client.write(`${JSON.stringify({ id: request.id, ...answer })}\n`);
    const runner = modem();
    if (runner === undefined) {
      reply({
        lines: [],
        error:
          'The command is not sent: the running program passes on the bytes of others (record, at, term --raw), or its modem ' +
          'is not ready yet.',
      });
      return;
    }
    runner
      .raw(request.command)
      .pipe(toArray())
      .subscribe({
        next: (answer) => reply({ lines: [...answer.flat(), 'OK'] }),
        error: (error: unknown) =>
          reply({ lines: [], error: error instanceof Error ? error.message : String(error) }),
      });
  });
  client.on('close', () => lines.close());
}

/** What a client sends first. */
export const GREETING: ToProgram = { id: 0, command: '' };

function parse(text: string): ToProgram | undefined {
  try {
    const { id, command } = JSON.parse(text) as Partial<ToProgram>;
    return typeof id === 'number' && typeof command === 'string' ? { id, command } : undefined;
  } catch {
    return undefined;
  }
}
