import { TransportError } from '../errors.js';
import { REDACTED } from '../redaction/redact-line.js';

/** Version of the format; a reader refuses what is newer. */
export const VERSION = 1;

/** The first line of a recording. */
export interface RecordingHeader {
  /** Identifies the file. */
  readonly format: 'a7600-recording';
  /** The version of the format. */
  readonly version: number;
  /** Whether secrets and payload were removed. */
  readonly redacted: boolean;
}

/**
 * Every further line: what passed, and when.
 *
 * `text` has a character for each byte, U+0000 to U+00FF; `█` (U+2588) stands for a byte that was
 * removed.
 */
export interface RecordingEntry {
  /** Time since the beginning, in ms. */
  readonly at: number;
  /** `sent` to the device, or `received` from it. */
  readonly way: 'sent' | 'received';
  /** The bytes, a character each. */
  readonly text: string;
}

/** A recording, read. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly entries: readonly ReadEntry[];
}

/** An entry with its line and its bytes; -1 stands for one that was removed. */
export interface ReadEntry extends RecordingEntry {
  readonly line: number;
  readonly bytes: Int16Array;
}

/** Reads a recording; throws `PROTOCOL` with the number of the line that makes no sense. */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n');
  const header = parseLine(lines[0] ?? '', 1);
  if (!isHeader(header)) throw damaged(1, 'it does not begin like a recording of this SDK');
  if (header.version > VERSION) {
    throw damaged(1, `its format is version ${header.version}; this release reads up to ${VERSION}`);
  }
  const entries = lines.slice(1).flatMap((line, index) => {
    const number = index + 2;
    if (line.trim() === '') return [];
    const entry = parseLine(line, number);
    if (!isEntry(entry)) throw damaged(number, 'it has no time, way and text');
    const bytes = bytesOf(entry.text);
    if (bytes === undefined) throw damaged(number, 'its text has a character that is no byte');
    return [{ ...entry, line: number, bytes }];
  });
  return { header, entries };
}

function bytesOf(text: string): Int16Array | undefined {
  const bytes = new Int16Array(text.length);
  const removed = REDACTED.charCodeAt(0);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 255 && code !== removed) return undefined;
    bytes[at] = code === removed ? -1 : code;
  }
  return bytes;
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw damaged(number, 'it is no JSON: the file was cut off or edited');
  }
}

function isHeader(value: unknown): value is RecordingHeader {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'format' in value &&
    value.format === 'a7600-recording' &&
    'version' in value &&
    typeof value.version === 'number'
  );
}

function isEntry(value: unknown): value is RecordingEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { at, way, text } = value as Partial<Record<keyof RecordingEntry, unknown>>;
  return (
    typeof at === 'number' && at >= 0 && (way === 'sent' || way === 'received') && typeof text === 'string'
  );
}

function damaged(line: number, problem: string): TransportError {
  return new TransportError('PROTOCOL', `Line ${line} of the recording cannot be used: ${problem}.`);
}
