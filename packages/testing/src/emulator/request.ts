/** How a command was given: `+X`, `+X?`, `+X=?`, `+X=…`. */
export type Form = 'execute' | 'read' | 'test' | 'write';

/** One command of a command line, taken apart. */
export interface Request {
  /** `+CIPOPEN`, `E`, `&D`; empty for a bare `AT`. In upper case. */
  readonly name: string;
  readonly form: Form;
  /** The parameters of the write form: blanks trimmed, quotes removed, missing ones empty. */
  readonly values: readonly string[];
}

/**
 * Takes a command line without its CR apart; undefined when it does not begin with `AT` or is no
 * command line at all. Basic commands may follow each other directly, extended ones are separated
 * by semicolons (AT command manual, 1.4).
 */
export function parseCommandLine(line: string): Request[] | undefined {
  if (!/^at/i.test(line)) return undefined;
  const requests: Request[] = [];
  let rest = line.slice(2).trim();
  if (rest === '') return [{ name: '', form: 'execute', values: [] }];
  while (rest !== '') {
    const taken = /^[+$#*]/.test(rest) ? extended(rest) : basic(rest);
    if (taken === undefined) return undefined;
    requests.push(taken.request);
    rest = rest.slice(taken.length).replace(/^\s*;?\s*/, '');
  }
  return requests;
}

interface Taken {
  readonly request: Request;
  readonly length: number;
}

/** `E0`, `V1`, `&D2`, `I`: a letter, perhaps behind `&`, and digits. */
function basic(text: string): Taken | undefined {
  const match = /^(&?[a-z])(\d*)/i.exec(text);
  if (match === null) return undefined;
  const [whole, name = '', digits = ''] = match;
  const form = digits === '' ? 'execute' : 'write';
  return {
    length: whole.length,
    request: { name: name.toUpperCase(), form, values: digits === '' ? [] : [digits] },
  };
}

/** `+NAME…` up to the next semicolon outside quotes. */
function extended(text: string): Taken | undefined {
  const match = /^([+$#*][a-z0-9]+)\s*(=\?|\?|=)?/i.exec(text);
  if (match === null) return undefined;
  const [head, written = '', sign] = match;
  const end = outsideQuotes(text, ';')[0] ?? text.length;
  const name = written.replace(/^[$#]/, '+').toUpperCase();
  const parameters = text.slice(head.length, end);
  if (sign === '=') {
    return { length: end, request: { name, form: 'write', values: split(parameters) } };
  }
  if (parameters.trim() !== '') return undefined;
  const form = sign === '?' ? 'read' : sign === '=?' ? 'test' : 'execute';
  return { length: end, request: { name, form, values: [] } };
}

function split(parameters: string): string[] {
  const commas = outsideQuotes(parameters, ',');
  return [...commas, parameters.length].map((end, index) => {
    const start = index === 0 ? 0 : (commas[index - 1] as number) + 1;
    return parameters
      .slice(start, end)
      .trim()
      .replace(/^"(.*)"$/, '$1');
  });
}

function outsideQuotes(text: string, wanted: string): number[] {
  const found: number[] = [];
  let inQuotes = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') inQuotes = !inQuotes;
    else if (text[at] === wanted && !inQuotes) found.push(at);
  }
  return found;
}
