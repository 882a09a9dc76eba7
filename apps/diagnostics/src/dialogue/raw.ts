import { type Command, command, isDialling, lateResults, NETWORK, QUICK } from '@a7600/at-codec';
import { UsageError } from '../exit-code.js';
import { hideSecrets } from './hide-secrets.js';

/** The longest command line that the module takes. */
const LONGEST = 556;

/** Commands that reach into the network, whose answer may take its time (AT command manual). */
const SLOW = /\+(?:COPS|CGATT|CGACT|NETOPEN|NETCLOSE|CIPOPEN|CIPSEND|CIPCLOSE|CDNSGIP|CPING|SERVERSTOP)\b/i;

/**
 * A command line as a person types it: its value is the lines before the final result. Where a result follows
 * `OK` (`+NETOPEN: 0`), it is waited for. Throws a `UsageError` if it is no command line.
 */
export function typedCommand(text: string): Command<readonly string[]> {
  if (!/^AT[\x20-\x7e]*$/i.test(text) || text.length > LONGEST) {
    throw new UsageError(
      `"${hideSecrets(text)}" is no command line: it must begin with AT and be one line of printable ASCII, ` +
        `${LONGEST} characters at the most.`,
    );
  }
  const names = namesIn(text);
  const late = lateResultOf(text, names);
  return command(
    { text, label: hideSecrets(text) },
    {
      timeout: SLOW.test(text) || isDialling(text) ? NETWORK : QUICK,
      dials: isDialling(text),
      claims: (line) => line.kind === 'text' || names.includes(line.name),
      read: ({ lines }) => lines.map((line) => line.text),
      ...(late !== undefined && {
        outcome: {
          claims: (line) => line.name === late && line.integerCount > 0,
          error: (line) => (late === '+CIPSEND' ? 0 : line.int(line.fieldCount - 1)),
        },
      }),
    },
  );
}

/** The names of the commands on a line, `AT+CSQ;+CGATT?`. */
export function namesIn(text: string): readonly string[] {
  const commands = text
    .slice(2)
    .replaceAll(/"[^"]*"/g, '')
    .split(';');
  return commands.map((each) => /^([+&*^$]?[A-Za-z]+)/.exec(each)?.[1]?.toUpperCase() ?? each);
}

function lateResultOf(text: string, [name, ...others]: readonly string[]): string | undefined {
  if (others.length > 0 || text.endsWith('?')) return undefined;
  return lateResults.find((result) => result.text === name)?.text;
}
