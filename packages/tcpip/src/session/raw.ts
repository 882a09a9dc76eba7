import { AtError, type Command, command, isDialling, joinChunks, type Line } from '@a7600/at-codec';
import { redactLine } from '@a7600/transport';
import type { FreeCommand } from '../lane/job.js';
import { commandsOf } from './command-line.js';

/** The longest command line that the module takes. */
const LONGEST = 556;

/**
 * Makes a command without a descriptor, as `Modem.raw` sends it. Its value is the lines between the command and its
 * final result, each followed by the payload of its block if it has one. URCs of other names go to their subscribers.
 *
 * @param text - The command line, `AT` included, without CR.
 * @param timeout - The longest time for the answer in ms. Default 9000.
 * @returns The command.
 * @throws `AtError` with `INVALID_ARGUMENT` when `text` is no command line.
 */
export function rawCommand(text: string, timeout?: number): Command<readonly string[]> {
  if (typeof text !== 'string' || !/^AT[\x20-\x7e]*$/i.test(text) || text.length > LONGEST) {
    throw new AtError(
      'INVALID_ARGUMENT',
      `A raw command begins with AT, is one line of printable ASCII and has ${LONGEST} characters at the most.`,
    );
  }
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout > 0)) {
    throw new AtError('INVALID_ARGUMENT', 'The timeout of a raw command must be a number of ms above 0.');
  }
  const names = commandsOf(text).map(({ name }) => name);
  const label = redactLine(text);
  const made: FreeCommand<readonly string[]> = {
    ...command(
      { text, label },
      {
        ...(timeout === undefined ? {} : { timeout }),
        ...(isDialling(text) ? { dials: true } : {}),
        claims: (line) => mayAnswer(line, names),
        read: (answer) =>
          answer.lines.flatMap((line) =>
            line.payloadLength > 0 ? [line.text, textOf(answer.payloadOf(line))] : [line.text],
          ),
      },
    ),
    prompted: () =>
      new AtError(
        'INVALID_ARGUMENT',
        `${label} asked for data, which raw() cannot give: it was given up (ESC). ${BY_PAYLOAD}`,
      ),
  };
  return made;
}

/** What to use for a command that asks for data. */
export const BY_PAYLOAD =
  "Run a command with a payload: command(plainLine('AT+…'), { payload }) of @a7600/at-codec; a text ends with Ctrl-Z.";

/** Reports of the registration have fewer fields than the answer, and come at any time. */
const REGISTRATION = /^\+C[GE]?REG$/;

/** Whether a line may belong to the answer: by its name, or as one that nothing is known of. */
function mayAnswer({ kind, name, payloadLength }: Line, names: readonly string[]): boolean {
  if (names.includes(name)) return kind === 'text' || !REGISTRATION.test(name);
  // A block says what it is of: one of another name is pushed, or comes late.
  return kind === 'text' && payloadLength === 0;
}

/** The payload of a block, a character for each byte. */
function textOf(chunks: readonly Uint8Array[]): string {
  return Array.from(joinChunks(chunks), (byte) => String.fromCharCode(byte)).join('');
}
