import type { RecordingEntry, RecordingHeader } from '@a7600/transport/recording';
import { UsageError } from '../exit-code.js';
import { capture } from './capture.js';

/**
 * Converts a recording into a capture.
 *
 * @param recording the text of the recording
 * @param startedAt when it began, in ms since 1970, which a recording does not say
 * @param write called with the bytes of the file
 * @throws {UsageError} if it is no recording, with the line that cannot be read
 */
export function convert(recording: string, startedAt: number, write: (bytes: Uint8Array) => void): void {
  const entries = entriesOf(recording);
  const captured = capture(startedAt, write);
  for (const entry of entries) captured.add(entry);
  captured.end();
}

/**
 * The entries of a recording.
 *
 * @param recording its text
 * @returns its entries, in order
 * @throws {UsageError} if it is no recording
 */
export function entriesOf(recording: string): RecordingEntry[] {
  const [first = '', ...lines] = recording.split('\n');
  const header = parsed(first, 1) as Partial<RecordingHeader>;
  if (header?.format !== 'a7600-recording') {
    throw new UsageError('The file does not begin like a recording. `a7600 record` makes one.');
  }
  if (header.version !== 1) {
    throw new UsageError(`The recording is of version ${header.version}; this program reads version 1.`);
  }
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const entry = parsed(line, index + 2) as Partial<RecordingEntry>;
    const isEntry = typeof entry?.at === 'number' && typeof entry.text === 'string' && isWay(entry.way);
    if (!isEntry) throw new UsageError(`Line ${index + 2} of the recording has no time, way and text.`);
    return [entry as RecordingEntry];
  });
}

function isWay(value: unknown): boolean {
  return value === 'sent' || value === 'received';
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError(`Line ${number} of the recording is no JSON: the file was cut off or edited.`);
  }
}
