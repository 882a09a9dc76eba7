// What decodes a stream in the benchmark: this package, and what people use today.
import type { Transform } from 'node:stream';
import { a7600, type Dialect, decodeAt } from '@a7600/at-codec';
import { ReadlineParser } from '@serialport/parser-readline';
import { RegexParser } from '@serialport/parser-regex';
import { from, mergeMap, scan } from 'rxjs';
import gsm from 'serialport-gsm';
import split2 from 'split2';

/** What came out. */
export interface Outcome {
  results: number;
  urcs: number;
  others: number;
}

/** What is done with a line: count it, tell what it is by the dialect, or by a table of names. */
export type Work = 'count' | 'classify' | 'look up';

/** Decodes chunks and counts what comes out. */
export type Contender = (chunks: Iterable<Uint8Array>) => Outcome | Promise<Outcome>;

/** `bytes$.pipe(decodeAt(a7600))`, with every event delivered to an observer that looks at its kind. */
export const codec =
  (dialect: Dialect = a7600): Contender =>
  (chunks) => {
    const seen = nothing();
    from(chunks)
      .pipe(decodeAt(dialect))
      .subscribe((event) => {
        if (event.kind === 'urc') seen.urcs += 1;
        else if (event.kind === 'result') seen.results += 1;
        else seen.others += 1;
      });
    return seen;
  };

/** Node stream parsers, as they are configured for a modem; `work` is what follows. */
export const readline = (work: Work): Contender =>
  throughStream(() => new ReadlineParser({ delimiter: '\r\n' }), work);
export const regex = (work: Work): Contender => throughStream(() => new RegexParser({ regex: /\r\n/ }), work);
export const split = (work: Work): Contender => throughStream(() => split2(/\r\n/), work);
/** ReadlineParser told not to decode UTF-8: faster, and just as wrong about payload. */
export const readlineLatin1 = throughStream(
  () => new ReadlineParser({ delimiter: '\r\n', encoding: 'latin1' }),
  'count',
);

/** What serialport-gsm does with what its port receives. */
export const serialportGsm =
  (work: Work): Contender =>
  (chunks) => {
    const seen = nothing();
    const modem = gsm.Modem();
    modem.incomingSMSIndication = false;
    modem.listeners.push({
      match: (line) => {
        count(seen, line, work);
        return false;
      },
      process: () => {},
    });
    for (const chunk of chunks) modem.dataReceived(buffer(chunk));
    return seen;
  };

/** What one writes first: gather, split, emit. */
export const naiveRxjs =
  (work: Work): Contender =>
  (chunks) => {
    const seen = nothing();
    const decoder = new TextDecoder();
    from(chunks)
      .pipe(
        scan(
          ({ rest }, chunk) => {
            const lines = (rest + decoder.decode(chunk, { stream: true })).split('\r\n');
            return { rest: lines.pop() ?? '', lines };
          },
          { rest: '', lines: [] as string[] },
        ),
        mergeMap(({ lines }) => lines),
      )
      .subscribe((line) => count(seen, line, work));
    return seen;
  };

/** Floor: counts line feeds, and does nothing else. */
export const countLineFeeds: Contender = (chunks) => {
  const seen = nothing();
  for (const chunk of chunks) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) seen.others += 1;
  }
  return seen;
};

/** Floor: copies every byte once, and looks at none. */
export function copier(length: number): Contender {
  const target = new Uint8Array(length);
  return (chunks) => {
    let at = 0;
    for (const chunk of chunks) {
      target.set(chunk, at);
      at += chunk.length;
    }
    return nothing();
  };
}

function throughStream(make: () => Transform, work: Work): Contender {
  return async (chunks) => {
    const seen = nothing();
    const parser = make();
    parser.on('data', (line: string | Buffer) => count(seen, line.toString(), work));
    let written = 0;
    for (const chunk of chunks) {
      parser.write(buffer(chunk));
      written += 1;
      // Lets the stream call back for what it has taken.
      if (written % 512 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
    return seen;
  };
}

/**
 * The dialect's classification for lines that are strings, entry after entry as a chain of
 * `startsWith` does it: the longest entry that fits, and the fields where the name does not decide.
 */
function classify(text: string): 'result' | 'urc' | 'other' {
  let found: (typeof entries)[number] | undefined;
  for (const entry of entries) {
    if (entry.text.length > (found?.text.length ?? 0) && fits(entry, text)) found = entry;
  }
  if (found === undefined) return 'other';
  if (found.kind === 'urc' && FORMS.has(found.text)) {
    const fields = text.slice(found.text.length + 1).split(',');
    return FORMS.get(found.text)?.(fields.map((field) => field.trim())) ? 'urc' : 'other';
  }
  return found.kind;
}

const entries = [
  ...a7600.results.map(({ text, match }) => ({ text, match, kind: 'result' as const })),
  ...a7600.urcs.map(({ text, match }) => ({ text, match, kind: 'urc' as const })),
];

function fits({ text, match }: (typeof entries)[number], line: string): boolean {
  if (match === 'line') return line === text;
  return line.startsWith(text) && (match === 'prefix' || !/\w/.test(line.charAt(text.length)));
}

/** Names that are URCs in one form only, as far as the streams have others. */
const FORMS = new Map<string, (fields: readonly string[]) => boolean>([
  ['+CREG', (fields) => fields.length === 1 || fields[1]?.startsWith('"') === true],
  ['+CIPRXGET', (fields) => fields[0] === '1' && fields.length > 1],
  ['+CIPOPEN', (fields) => fields.length === 2],
]);

/** The same by a table of names, which is faster and knows neither prefixes nor names without a colon. */
const names = new Map(entries.map(({ text, kind }) => [text, kind]));

function lookUp(text: string): 'result' | 'urc' | 'other' {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const kind = names.get(name) ?? 'other';
  const form = kind === 'urc' ? FORMS.get(name) : undefined;
  if (form === undefined) return kind;
  return form(
    text
      .slice(colon + 1)
      .split(',')
      .map((field) => field.trim()),
  )
    ? 'urc'
    : 'other';
}

function count(seen: Outcome, line: string, work: Work): void {
  if (work === 'count') {
    seen.others += 1;
    return;
  }
  const text = line.trim();
  if (text === '') return;
  const kind = work === 'classify' ? classify(text) : lookUp(text);
  if (kind === 'result') seen.results += 1;
  else if (kind === 'urc') seen.urcs += 1;
  else seen.others += 1;
}

function buffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function nothing(): Outcome {
  return { results: 0, urcs: 0, others: 0 };
}
