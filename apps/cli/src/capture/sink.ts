import { closeSync, openSync, writeSync } from 'node:fs';
import { writeGiven } from '../given-file.js';

/** Where a capture is written. */
export interface CaptureSink {
  write(bytes: Uint8Array): void;
  close(): void;
}

/**
 * Opens a file, or a named pipe, for a capture. Opening a pipe waits for its reader.
 *
 * @param path where it is
 * @param option the option or argument that names it, for the error
 * @param onClosed called when the reader of a pipe has gone
 * @returns is given the bytes
 * @throws {UsageError} if it cannot be written
 */
export function fileSink(path: string, option: string, onClosed: () => void = () => {}): CaptureSink {
  const file = writeGiven(option, path, () => openSync(path, 'w', 0o600));
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  return {
    close,
    write(bytes) {
      if (!isOpen) return;
      try {
        writeGiven(option, path, () => {
          for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
        });
      } catch (error) {
        close();
        const { code } = (error as Error).cause as NodeJS.ErrnoException;
        if (code !== 'EPIPE') throw error;
        onClosed();
      }
    },
  };
}
