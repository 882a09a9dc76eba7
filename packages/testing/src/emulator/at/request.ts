/** How a command was given: `+X`, `+X?`, `+X=?`, `+X=…`. */
export type Form = 'execute' | 'read' | 'test' | 'write';

/** One command of a command line, taken apart. */
export interface Request {
  /** `+CIPOPEN`, `E`, `&D`, `S0`; empty for a bare `AT`. In upper case. */
  readonly name: string;
  /** How the command was given. */
  readonly form: Form;
  /** The parameters of the write form: spaces trimmed, quotes removed, missing ones empty. */
  readonly values: readonly string[];
  /** Which of them stood in quotes. */
  readonly quoted: readonly boolean[];
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
  if (rest === '') return [request('', 'execute')];
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

function request(name: string, form: Form, values: readonly Value[] = []): Request {
  return {
    name: name.toUpperCase(),
    form,
    values: values.map(({ text }) => text),
    quoted: values.map(({ quoted }) => quoted),
  };
}

/** `E0`, `V1`, `&D2`, `I`: a letter, perhaps after `&`, and digits; `S0=1`, `S0?`. */
function basic(text: string): Taken | undefined {
  // What is dialled reaches to the end of the line (V.250, 6.3.1).
  if (/^d./i.test(text))
    return { length: text.length, request: request('D', 'write', [unquoted(text.slice(1))]) };
  const register = /^(s\d+)(?:=(\d+)|(\?))/i.exec(text);
  if (register !== null) {
    const [{ length }, name = '', digits] = register;
    return {
      length,
      request: digits === undefined ? request(name, 'read') : request(name, 'write', [unquoted(digits)]),
    };
  }
  const match = /^(&?[a-z])(\d*)/i.exec(text);
  if (match === null) return undefined;
  const [{ length }, name = '', digits = ''] = match;
  return {
    length,
    request: digits === '' ? request(name, 'execute') : request(name, 'write', [unquoted(digits)]),
  };
}

/** `+NAME…` up to the next semicolon outside quotes. */
function extended(text: string): Taken | undefined {
  const match = /^([+$#*][a-z0-9]+)\s*(=\?|\?|=)?/i.exec(text);
  if (match === null) return undefined;
  const [head, written = '', sign] = match;
  const length = outsideQuotes(text, ';')[0] ?? text.length;
  const name = written.replace(/^[$#]/, '+');
  const parameters = text.slice(head.length, length);
  if (sign === '=') return { length, request: request(name, 'write', split(parameters)) };
  if (parameters.trim() !== '') return undefined;
  const form = sign === '?' ? 'read' : sign === '=?' ? 'test' : 'execute';
  return { length, request: request(name, form) };
}

interface Value {
  readonly text: string;
  readonly quoted: boolean;
}

function unquoted(text: string): Value {
  return { text, quoted: false };
}

function split(parameters: string): Value[] {
  const commas = outsideQuotes(parameters, ',');
  return [...commas, parameters.length].map((end, index) => {
    const start = index === 0 ? 0 : (commas[index - 1] ?? 0) + 1;
    const text = parameters.slice(start, end).trim();
    const inner = /^"(.*)"$/s.exec(text)?.[1];
    return inner === undefined ? unquoted(text) : { text: inner, quoted: true };
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
