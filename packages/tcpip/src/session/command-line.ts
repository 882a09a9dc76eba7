/** One command of a line. */
export interface LineCommand {
  /** In capitals: `+CNMI`, `E`. */
  readonly name: string;
  readonly form: 'execute' | 'read' | 'test' | 'set';
  /** What it is given after `=`, or the number or text after a letter, in order and without spaces. Quotes are kept. */
  readonly values: readonly string[];
}

/** `+NAME`, or a name of a manufacturer's, with everything up to the next `;` outside quotes. */
const EXTENDED = /^([+*^$%#][A-Z][A-Z0-9_]*)((?:"[^"]*"?|[^;"])*)/;
/** A letter with its number, `E0`, `&F`, `S3=13`. */
const BASIC = /^(S\d+|&?[A-Z])(=\d*|\d*\??)/;
/** What is dialled, and the `;` of a voice call after it (ITU-T V.250, 6.3.1). */
const DIAL = /^(D)([^;]*;?)/;

/**
 * Takes a command line apart: `AT+CMGF=1;+CNMI=2,2`, `ATE0+CSQ`. Spaces and the case of letters have no meaning outside
 * quotes (ITU-T V.250, 5.2.1).
 */
export function commandsOf(text: string): LineCommand[] {
  const outsideQuotes = (part: string) => part.replaceAll(/\s/g, '').toUpperCase();
  let rest = text
    .split(/("[^"]*"?)/)
    .map((part, index) => (index % 2 === 0 ? outsideQuotes(part) : part))
    .join('')
    .replace(/^AT/, '');
  const commands: LineCommand[] = [];
  while (rest !== '') {
    const [whole = '', name = '', args = ''] =
      EXTENDED.exec(rest) ?? DIAL.exec(rest) ?? BASIC.exec(rest) ?? [];
    if (whole === '') rest = rest.slice(1);
    else {
      const form = formOf(args);
      commands.push({ name, form, values: form === 'set' ? valuesOf(args.slice(1)) : operandOf(form, args) });
      rest = rest.slice(whole.length);
    }
  }
  return commands;
}

function formOf(args: string): LineCommand['form'] {
  if (args === '=?') return 'test';
  if (args.startsWith('=')) return 'set';
  return args === '?' ? 'read' : 'execute';
}

function operandOf(form: LineCommand['form'], args: string): readonly string[] {
  return form === 'execute' && args !== '' ? [args] : [];
}

function valuesOf(args: string): readonly string[] {
  return args.match(/(?:"[^"]*"?|[^,"])+|(?<=,|^)(?=,|$)/g) ?? [];
}
