import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';

/** A device opened a second time, beside the port that configured and locked it. */
export interface TtyStream {
  readonly reader: ReadStream;
  /** Undefined where only the port itself can write. */
  readonly writer: TtyWriter | undefined;
}

/** What writes to a {@link TtyStream}. */
export interface TtyWriter {
  /**
   * Hands over what the kernel takes at once and returns how many bytes that was; undefined if the device has failed
   * or is closed, which `write` then reports.
   */
  writeNow(bytes: Uint8Array): number | undefined;
  /** Calls back when the kernel has taken them all, or with an error. */
  write(bytes: Uint8Array, done: (error?: Error | null) => void): void;
}

/**
 * Opens `path` for moving bytes only. `serialport` reads and writes in a thread pool, and neither reports
 * a hang-up nor survives one without spinning; the event loop's own tty stream does all of that better.
 * Undefined where the platform or the device does not allow it.
 */
export function openTtyStream(path: string): TtyStream | undefined {
  if (process.platform === 'win32') return undefined;
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  let reader: ReadStream;
  try {
    reader = new ReadStream(fd);
  } catch {
    closeSync(fd);
    return undefined;
  }
  // The event loop reopens a tty under a descriptor of its own; where it could not, it keeps ours
  // and may have set it to block, so nothing is written directly then.
  const own = ownDescriptor(reader);
  if (own === undefined || own === fd) return { reader, writer: undefined };
  closeSync(fd);
  const writer: TtyWriter = {
    writeNow: (bytes) => (reader.destroyed ? undefined : writeNow(own, bytes)),
    write: (bytes, done) => reader.write(bytes, done),
  };
  return { reader, writer };
}

function ownDescriptor(reader: ReadStream): number | undefined {
  const handle: unknown = Reflect.get(reader, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : -1;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}

function writeNow(fd: number, bytes: Uint8Array): number | undefined {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const isFull = error instanceof Error && Reflect.get(error, 'code') === 'EAGAIN';
    return isFull ? 0 : undefined;
  }
}
