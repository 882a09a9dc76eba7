import type { ByteLink } from '@a7600/transport';
import { type RecordingEntry, record } from '@a7600/transport/recording';
import { type MonoTypeOperatorFunction, map } from 'rxjs';

/** Called with each line of the dialogue. */
export type TraceSinks = readonly ((entry: RecordingEntry) => void)[];

/** Shows the sinks what passes through a link: whole lines, without secrets and payload. */
export function traced<L extends ByteLink>(sinks: TraceSinks): MonoTypeOperatorFunction<L> {
  if (sinks.length === 0) return (link$) => link$;
  return map((link) =>
    record(link, (line) => {
      const entry = JSON.parse(line) as Partial<RecordingEntry>;
      if (entry.way !== undefined) for (const sink of sinks) sink(entry as RecordingEntry);
    }),
  );
}

/** One entry as a line for people: `    0.012 s --> AT+CSQ␍`. */
export function traceLine({ at, way, text }: RecordingEntry): string {
  const time = `${(at / 1000).toFixed(3).padStart(9)} s`;
  return `${time} ${way === 'sent' ? '-->' : '<--'} ${visible(text)}`;
}

/** Printable characters as they are, line ends as ␍ and ␊, other bytes in hexadecimal. */
export function visible(text: string): string {
  return Array.from(text, (char) => {
    const code = char.charCodeAt(0);
    if (char === '\r') return '␍';
    if (char === '\n') return '␊';
    return code < 0x20 || (code > 0x7e && code < 0x100) ? `\\x${code.toString(16).padStart(2, '0')}` : char;
  }).join('');
}
