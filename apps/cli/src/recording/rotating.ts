import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { checkWritable, writeGiven } from '../given-file.js';

/** When a new file is begun, and how many stay. */
export interface Rotation {
  /** Bytes of a file. */
  readonly maxSize: number;
  /** Files that are kept, the current one included. */
  readonly keep: number;
}

/**
 * Writes lines to a file; when it is full it becomes `FILE.1`, the one before `FILE.2`, and so on. Each file begins
 * with the first line, so that each is a recording of its own. A file that was there becomes `FILE.1` with the first line:
 * a modem that cannot be opened costs no recording. A pipe or
 * a device, such as `/dev/null`, stays what it is, and takes everything.
 *
 * @throws `UsageError` if the file cannot be written
 * @returns what writes a line, its line end included
 */
export function rotating(file: string, { maxSize, keep }: Rotation): (line: string) => void {
  let header: string | undefined;
  let size = 0;
  const attempt = (work: () => void) => writeGiven('file', file, work);
  const begin = () =>
    attempt(() => {
      const there = statSync(file, { throwIfNoEntry: false });
      if (there?.isFile()) shift(file, keep);
      const isStream = there?.isFIFO() || there?.isCharacterDevice();
      if (!isStream) writeFileSync(file, header ?? '', { mode: 0o600 });
      size = header?.length ?? 0;
    });
  attempt(() => {
    checkWritable(file);
    // One that is there gets another name.
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) accessSync(dirname(file), constants.W_OK);
  });
  return (line) => {
    // Each connection begins with the header again: one file has it once.
    if (header === undefined) {
      begin();
      header = line;
    } else if (line === header) return;
    if (size > (header.length ?? 0) && size + line.length > maxSize) begin();
    attempt(() => appendFileSync(file, line));
    size += line.length;
  };
}

function shift(file: string, keep: number): void {
  rmSync(`${file}.${keep - 1}`, { force: true });
  for (let number = keep - 2; number >= 1; number--) {
    if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
  }
  if (keep > 1) renameSync(file, `${file}.1`);
}
