/// <reference path="./node-pty.d.ts" />
import { spawnSync } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { type ByteLink, receiveQueue, TransportError, writing } from '@a7600/transport';
import { Observable } from 'rxjs';

/** The master side of a pseudo-terminal; a program opens `path` as its serial port. */
export interface Pty extends ByteLink {
  /** The device: `/dev/pts/4`. */
  readonly path: string;
}

/** Time in ms after which a write is tried again that the kernel had no room for. */
const WRITE_RETRY = 1;

/**
 * Makes a pseudo-terminal in raw mode, through the optional package `@lydell/node-pty`.
 *
 * Cold: emits it once; unsubscribing makes it go away, which a program that has it open notices as
 * a hang-up. A program that is not reading holds writes back. Linux and macOS.
 *
 * A child process that is started meanwhile inherits the pseudo-terminal and keeps it alive. Where
 * that matters, cover what it would inherit: `stdio: [0, 1, 2, ...Array(64).fill(nothing)]`, where
 * `nothing` is `/dev/null`, open.
 *
 * @returns Its path and its two directions. Errors where the package or the device is missing.
 */
export function openPty(): Observable<Pty> {
  return new Observable((subscriber) => {
    let release = () => {};
    nativePty().then(
      ({ open }) => {
        if (subscriber.closed) return;
        const opened = open(80, 24);
        const pty = ptyLink(opened);
        release = pty.release;
        subscriber.next(pty);
      },
      (cause: unknown) => {
        const message = 'Cannot make a pseudo-terminal: the package @lydell/node-pty does not work here.';
        subscriber.error(new TransportError('PORT_FAILED', message, cause));
      },
    );
    return () => release();
  });
}

interface NativePty {
  open(columns: number, rows: number): Opened;
}

interface Opened {
  readonly master: number;
  readonly slave: number;
  readonly pty: string;
}

/**
 * The bare native call. The package's own `open()` reads the program's side too, which eats bytes,
 * and writes in a way that stops the event loop while the program does not read.
 */
async function nativePty(): Promise<NativePty> {
  const { requireBinary } = await import('@lydell/node-pty/requireBinary.js');
  return requireBinary('pty.node');
}

function ptyLink({ master, slave, pty: path }: Opened): Pty & { release(): void } {
  // Kept open and never read: without it the master fails whenever no program has the device open.
  spawnSync('stty', ['raw', '-echo'], { stdio: [slave, 'ignore', 'ignore'] });
  const reader = new ReadStream(master);
  const queue: { readonly bytes: Uint8Array; sent: number; readonly done: (error?: Error) => void }[] = [];
  let retry: NodeJS.Timeout | undefined;

  const receiving = receiveQueue((hasDemand) => {
    if (hasDemand) reader.resume();
    else reader.pause();
  });
  const closedError = () => new TransportError('TRANSPORT_CLOSED', `The pseudo-terminal ${path} is closed.`);

  const release = () => {
    if (receiving.reason !== undefined) return;
    receiving.end({ by: 'local' });
    clearTimeout(retry);
    reader.destroy();
    closeSync(slave);
    for (const { done } of queue.splice(0)) done(closedError());
  };

  // A writer that goes on when its bytes are taken comes back here: it joins the loop.
  let flushing = false;
  const flush = () => {
    retry = undefined;
    if (flushing) return;
    flushing = true;
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      first.sent += writeSome(master, first.bytes.subarray(first.sent));
      if (first.sent < first.bytes.length) {
        retry = setTimeout(flush, WRITE_RETRY);
        break;
      }
      queue.shift();
      first.done();
    }
    flushing = false;
  };

  reader.pause();
  reader.on('data', (chunk: Uint8Array) => receiving.push(chunk));
  reader.on('error', release);
  reader.on('end', release);

  return {
    path,
    release,
    received$: receiving.received$,
    ended$: receiving.ended$,
    pause: receiving.pause,
    resume: receiving.resume,
    write: writing(
      (bytes) =>
        new Observable<never>((subscriber) => {
          if (receiving.reason !== undefined) {
            subscriber.error(closedError());
            return;
          }
          const write = {
            bytes,
            sent: 0,
            done: (error?: Error) => (error === undefined ? subscriber.complete() : subscriber.error(error)),
          };
          queue.push(write);
          if (retry === undefined) flush();
          return () => {
            if (write.sent === 0 && queue.includes(write)) queue.splice(queue.indexOf(write), 1);
          };
        }),
    ),
    close: () =>
      new Observable<never>((subscriber) => {
        release();
        subscriber.complete();
      }),
  };
}

function writeSome(master: number, bytes: Uint8Array): number {
  try {
    return writeSync(master, bytes);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    throw error;
  }
}
