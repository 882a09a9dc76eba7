/** One step of a transcript; its format is in `note-1.00/README.md`. */
export type Step =
  | Printed
  | { readonly kind: 'type' | 'data' | 'heard' | 'say'; readonly text: string }
  | { readonly kind: 'serve' | 'bind'; readonly host: string; readonly port: number }
  | { readonly kind: 'call'; readonly to: number; readonly host: string; readonly port: number }
  | { readonly kind: 'wait'; readonly ms: number };

/** What the module prints, exactly. */
export interface Printed {
  readonly kind: 'print';
  readonly text: string;
}

const TEXTS: Readonly<Record<string, 'type' | 'data' | 'print' | 'heard' | 'say'>> = {
  '>': 'type',
  '=': 'data',
  '<': 'print',
  heard: 'heard',
  say: 'say',
};

/** Reads a transcript; `print` steps that follow each other become one. */
export function parseTranscript(text: string): Step[] {
  const steps: Step[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const step = parseLine(line);
    const last = steps.at(-1);
    if (step.kind === 'print' && last?.kind === 'print') {
      steps[steps.length - 1] = { ...last, text: last.text + step.text };
    } else {
      steps.push(step);
    }
  }
  return steps;
}

function parseLine(line: string): Step {
  const [verb = '', ...words] = line.split(' ');
  const kind = TEXTS[verb];
  if (kind !== undefined) return { kind, text: unescaped(line.slice(verb.length + 1)) };
  if (verb === 'wait') return { kind: 'wait', ms: Number(words[0]) };
  if (verb === 'call') return { kind: 'call', to: Number(words[0]), ...endpoint(words[2]) };
  if (verb === 'serve' || verb === 'bind') return { kind: verb, ...endpoint(words[0]) };
  throw new Error(`This is no line of a transcript: ${line}`);
}

function endpoint(text = ''): { readonly host: string; readonly port: number } {
  const [host = '', port] = text.split(':');
  return { host, port: Number(port) };
}

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n' };

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|([rn]))/g, (_, code?: string, letter = '') =>
    code === undefined ? (ESCAPES[letter] ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
