import { AtError, type Command, command, joinChunks } from '@a7600/at-codec';
import { redactLine } from '@a7600/transport';

/** The longest command line that the module takes. */
const LONGEST = 556;

/**
 * Makes a command without a descriptor, as `Modem.raw` sends it. Its value is the lines between the command and its
 * final result, each followed by the payload of its block if it has one. URCs of other names go to their subscribers.
 *
 * @param text - The command line, `AT` included, without CR.
 * @param timeout - The longest time for the answer in ms. Default 9000.
 * @returns The command.
 * @throws `AtError` with `INVALID_ARGUMENT` when `text` is no command line, or would make the module print
 * short messages without their lengths.
 */
export function rawCommand(text: string, timeout?: number): Command<readonly string[]> {
  if (typeof text !== 'string' || !/^AT[\x20-\x7e]*$/i.test(text) || text.length > LONGEST) {
    throw new AtError(
      'INVALID_ARGUMENT',
      `A raw command begins with AT, is one line of printable ASCII and has ${LONGEST} characters at the most.`,
    );
  }
  assertLengthsKnown(text);
  const names = namesIn(text);
  return command(
    { text, label: redactLine(text) },
    {
      ...(timeout === undefined ? {} : { timeout }),
      claims: (line) => line.kind === 'text' || names.includes(line.name),
      read: (answer) =>
        answer.lines.flatMap((line) =>
          line.payloadLength > 0 ? [line.text, textOf(answer.payloadOf(line))] : [line.text],
        ),
    },
  );
}

/** The names of the commands on a line, `AT+CSQ;+CGATT?`. */
function namesIn(text: string): readonly string[] {
  const commands = text
    .slice(2)
    .replaceAll(/"[^"]*"/g, '')
    .split(';');
  return commands.map((each) => /^([+&*^$]?[A-Za-z]+)/.exec(each)?.[1]?.toUpperCase() ?? each);
}

/**
 * Refuses to let the module print short messages as they come, unless their lengths are stated. Anybody
 * may send a message, and one whose end is not known can imitate every line of the module.
 */
function assertLengthsKnown(text: string): void {
  const [before = '', indications] = text.toUpperCase().split('+CNMI=');
  const [, messages = '', broadcasts = ''] = indications?.split(';')[0]?.split(',') ?? [];
  const asPdu = /\+CMGF=0/.test(before);
  const direct = /[23]/.test(messages) && !asPdu && !/\+CSDH=1/.test(before);
  if (!direct && (!/[23]/.test(broadcasts) || asPdu)) return;
  throw new AtError(
    'INVALID_ARGUMENT',
    'Short messages that the module prints as they come need a stated length: put +CMGF=0 (PDU mode) ' +
      'or, for messages, +CSDH=1 before +CNMI on the same line. Or have them stored: AT+CNMI=2,1.',
  );
}

/** The payload of a block, a character for each byte. */
function textOf(chunks: readonly Uint8Array[]): string {
  return Array.from(joinChunks(chunks), (byte) => String.fromCharCode(byte)).join('');
}
