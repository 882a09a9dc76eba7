import { capture, liveRecording } from '@a7600/diagnostics/capture';
import type { ByteLink } from '@a7600/transport';
import type { RecordingEntry } from '@a7600/transport/recording';
import type { MonoTypeOperatorFunction } from 'rxjs';
import { besideTheWork } from '../given-file.js';
import { observed } from '../shared-line/observed.js';
import { fileSink } from './sink.js';

/**
 * Captures what passes through a link to a file, from the first byte on; each time that the link is opened again goes on
 * in the same file.
 *
 * @param file where to write; undefined captures nothing
 * @param complain called once, when it cannot be written any more
 * @returns an operator on transports
 * @throws {UsageError} if the file cannot be written
 */
export function captured<L extends ByteLink>(
  file: string | undefined,
  complain: (message: string) => void,
): MonoTypeOperatorFunction<L> {
  if (file === undefined) return (source) => source;
  const write = besideTheWork(fileSink(file, '--capture').write, complain);
  let isContinued = false;
  return observed((observers) => {
    const written = capture(Date.now(), write, { isContinued });
    isContinued = true;
    const recording = liveRecording(
      (line) => {
        const entry = JSON.parse(line) as Partial<RecordingEntry>;
        if (entry.way !== undefined) written.add(entry as RecordingEntry);
      },
      { redact: false },
    );
    observers.add(recording);
    return () => {
      recording.end();
      written.end();
    };
  });
}
