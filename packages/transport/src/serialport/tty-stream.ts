import { close, closeSync, constants, openSync, write, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { type Observable, Subject } from 'rxjs';

/** A device opened a second time, beside the port that configured and locked it. */
export interface TtyStream {
  readonly reader: ReadStream;
  /** Undefined where only the port itself can write. */
  readonly writer: TtyWriter | undefined;
  /** Completes once the reader is closed and nothing of the device is open any more. */
  readonly closed$: Observable<never>;
}

/** What writes to a {@link TtyStream}. */
export interface TtyWriter {
  /**
   * Hands over what the kernel takes at once and returns how many bytes that was; undefined if the device has failed
   * or is closed, which `write` then reports.
   */
  writeNow(bytes: Uint8Array): number | undefined;
  /** The same in another thread, while this one goes on or sleeps. One at a time; calls back later. */
  writeBeside(bytes: Uint8Array, done: (sent: number | undefined) => void): void;
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
  const closed$ = new Subject<never>();
  // The event loop reopens a tty under a descriptor of its own, and makes ours another name of that; where it could not,
  // it keeps ours and may have set it to block, so nothing is written directly then.
  const own = ownDescriptor(reader);
  if (own === undefined || own === fd) {
    reader.once('close', () => closed$.complete());
    return { reader, writer: undefined, closed$ };
  }
  // Closed while another thread writes to it, the descriptor's number could be another file's by then. It is closed in
  // another thread, too: the last close of a device may wait until that has sent what it holds.
  let isReaderClosed = false;
  let isInUse = false;
  const release = () => {
    if (isReaderClosed && !isInUse) close(fd, () => closed$.complete());
  };
  reader.once('close', () => {
    isReaderClosed = true;
    release();
  });
  const writer: TtyWriter = {
    writeNow: (bytes) => (reader.destroyed ? undefined : writeNow(own, bytes)),
    writeBeside: (bytes, done) => {
      if (reader.destroyed) {
        setImmediate(done, undefined);
        return;
      }
      isInUse = true;
      write(fd, bytes, (error, sent) => {
        isInUse = false;
        release();
        done(error ? sentDespite(error) : sent);
      });
    },
    // A write that is under way when its stream is destroyed is called back without an error.
    write: (bytes, done) =>
      reader.write(bytes, (error) => done(error ?? (reader.destroyed ? new Error('it was closed') : null))),
  };
  return { reader, writer, closed$ };
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
    return sentDespite(error);
  }
}

/** What was sent when a write failed: nothing if the kernel had no room; undefined if the device has failed. */
function sentDespite(error: unknown): number | undefined {
  return error instanceof Error && Reflect.get(error, 'code') === 'EAGAIN' ? 0 : undefined;
}
