// What decodes a stream in the benchmark: this package, and what people use today, each at its best for the same result.
import type { Transform } from 'node:stream';
import { a7600, createDecoder, type Dialect, type Line } from '@a7600/at-codec';
import { ReadlineParser } from '@serialport/parser-readline';
import { RegexParser } from '@serialport/parser-regex';
import { from, mergeMap, scan } from 'rxjs';
import gsm from 'serialport-gsm';
import split2 from 'split2';
import { mixed, mixedText, valueOfLine, valueOfText } from './values.js';

/** What came out: how many lines, how many bytes of payload, a number that differs when their texts or values do, and the last value. */
export interface Outcome {
  lines: number;
  bytes: number;
  sum: number;
  value: unknown;
}

/**
 * What is done with a line: count it; read its text; read the value of a URC; or sum up all that is in
 * that value. Summing up costs more than reading, so it is for comparing contenders, not for the clock.
 */
export type Work = 'count' | 'text' | 'values' | 'sums';

/** Decodes chunks and reports what came out. */
export type Contender = (chunks: Iterable<Uint8Array>) => Outcome | Promise<Outcome>;

/** The decoder of this package. */
export const codec =
  (work: Work = 'count', dialect: Dialect = a7600): Contender =>
  (chunks) => {
    const seen = nothing();
    const take = lineWork[work];
    const decoder = createDecoder(dialect, (event) => {
      if (event.kind === 'payload' || event.kind === 'noise') return;
      seen.lines += 1;
      if (take !== undefined && 'text' in event) take(seen, event);
    });
    for (const chunk of chunks) decoder.push(chunk);
    return seen;
  };

const lineWork: Readonly<Record<Work, ((seen: Outcome, line: Line) => void) | undefined>> = {
  count: undefined,
  text: (seen, line) => {
    seen.sum = mixedText(seen.sum, line.text);
  },
  values: (seen, line) => {
    seen.value = valueOfLine(line);
  },
  sums: (seen, line) => {
    const value = valueOfLine(line);
    if (value !== undefined) seen.sum = mixed(seen.sum, value);
  },
};

/** Node stream parsers, as they are configured for a modem. */
export const readline = (work: Work): Contender =>
  throughStream(() => new ReadlineParser({ delimiter: '\r\n' }), work);
/** ReadlineParser told not to decode UTF-8: faster, and just as wrong about payload. */
export const readlineLatin1 = (work: Work): Contender =>
  throughStream(() => new ReadlineParser({ delimiter: '\r\n', encoding: 'latin1' }), work);
export const regex = (work: Work): Contender => throughStream(() => new RegexParser({ regex: /\r\n/ }), work);
export const split = (work: Work): Contender => throughStream(() => split2(/\r\n/), work);

/** What serialport-gsm does with what its port receives. */
export const serialportGsm =
  (work: Work): Contender =>
  (chunks) => {
    const seen = nothing();
    const modem = gsm.Modem();
    modem.incomingSMSIndication = false;
    modem.listeners.push({
      match: (line) => {
        take(seen, line, work);
        return false;
      },
      process: () => {},
    });
    for (const chunk of chunks) modem.dataReceived(buffer(chunk));
    return seen;
  };

/** What one writes first with RxJS: gather, split, emit. */
export const naiveRxjs =
  (work: Work): Contender =>
  (chunks) => {
    const seen = nothing();
    from(chunks)
      .pipe(
        scan(
          ({ rest }, chunk) => {
            const lines = (rest + buffer(chunk).latin1Slice()).split('\r\n');
            return { rest: lines.pop() ?? '', lines };
          },
          { rest: '', lines: [] as string[] },
        ),
        mergeMap(({ lines }) => lines),
      )
      .subscribe((line) => take(seen, line, work));
    return seen;
  };

/** What one writes by hand for Node alone: no stream, no copy of whole lines, one search for each. */
export const byHand =
  (work: Work): Contender =>
  (chunks) => {
    const seen = nothing();
    let rest = '';
    for (const chunk of chunks) {
      const bytes = buffer(chunk);
      let start = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        const line = rest + bytes.latin1Slice(start, end);
        rest = '';
        start = end + 1;
        take(seen, line.endsWith('\r') ? line.slice(0, -1) : line, work);
      }
      rest += bytes.latin1Slice(start);
    }
    return seen;
  };

/** Floor: finds each line feed by the fastest search there is, and does nothing else. */
export const findLineFeeds: Contender = (chunks) => {
  const seen = nothing();
  for (const chunk of chunks) {
    const bytes = buffer(chunk);
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) seen.lines += 1;
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
    parser.on('data', (line: string | Buffer) =>
      take(seen, typeof line === 'string' ? line : line.latin1Slice(), work),
    );
    let written = 0;
    for (const chunk of chunks) {
      parser.write(buffer(chunk));
      written += 1;
      // Lets the stream call back for what it has accepted.
      if (written % 512 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
    return seen;
  };
}

function take(seen: Outcome, line: string, work: Work): void {
  if (line === '') return;
  seen.lines += 1;
  if (work === 'text') seen.sum = mixedText(seen.sum, line);
  if (work === 'values') seen.value = valueOfText(line);
  if (work !== 'sums') return;
  const value = valueOfText(line);
  if (value !== undefined) seen.sum = mixed(seen.sum, value);
}

function buffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function nothing(): Outcome {
  return { lines: 0, bytes: 0, sum: 0, value: undefined };
}
