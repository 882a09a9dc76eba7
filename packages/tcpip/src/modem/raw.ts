import { AtError, type Command, command, plainLine } from '@a7600/at-codec';

/** The longest command line that the module takes. */
const LONGEST = 556;

/**
 * A command that nobody described: gives the lines between the command and its final result. URCs
 * of other names keep going their own way.
 */
export function rawCommand(text: string, timeout: number | undefined): Command<readonly string[]> {
  if (!/^AT[\x20-\x7e]*$/i.test(text) || text.length > LONGEST) {
    throw new AtError(
      'INVALID_ARGUMENT',
      `A raw command begins with AT, is one line of printable ASCII and has ${LONGEST} characters at the most.`,
    );
  }
  const name = /^AT([+&*^$]?[A-Za-z]+)/i.exec(text)?.[1]?.toUpperCase();
  return command(plainLine(text), {
    ...(timeout === undefined ? {} : { timeout }),
    claims: (line) => line.kind === 'text' || line.name === name,
    read: ({ lines }) => lines.map((line) => line.text),
  });
}
