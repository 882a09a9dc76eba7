import type { Readable } from 'node:stream';
import { Observable, Subject, take } from 'rxjs';
import type { ByteLink } from '../byte-link.js';
import { TransportError } from '../errors.js';
import { inlet } from '../inlet.js';
import { openTtyStream } from './tty-stream.js';

/** What is used of an open `SerialPort` of the `serialport` package. */
export interface SerialPortLike extends Readable {
  readonly isOpen: boolean;
  write(bytes: Uint8Array, callback: (error: Error | null | undefined) => void): boolean;
  close(callback: (error: Error | null) => void): void;
}

/** A {@link ByteLink} over an open port, with a `release` that closes it without waiting. */
export interface PortLink extends ByteLink {
  release(): void;
}

/** Makes a {@link PortLink} of a port that was just opened under `path`. */
export function portLink(path: string, port: SerialPortLike): PortLink {
  const tty = openTtyStream(path);
  const reader: Readable = tty?.reader ?? port;
  const released$ = new Subject<void>();
  const idle$ = new Subject<void>();
  let writing = 0;

  const receiving = inlet((flowing) => {
    if (flowing) reader.resume();
    else reader.pause();
  });

  const lost = (cause?: Error | null): TransportError => {
    const why = cause?.message ?? 'the device hung up';
    const message = `Lost the serial port ${path}: ${why}. Check the cable and the module's power.`;
    const error = new TransportError('TRANSPORT_LOST', message, cause ?? undefined);
    receiving.end({ by: 'lost', error });
    release();
    return error;
  };

  let releasing = false;
  const release = () => {
    if (releasing) return;
    releasing = true;
    receiving.end({ by: 'local' });
    tty?.reader.destroy();
    const done = () => {
      released$.complete();
      idle$.complete();
    };
    if (port.isOpen) port.close(done);
    else done();
  };

  reader.pause();
  reader.on('data', (chunk: Uint8Array) => receiving.push(chunk));
  reader.on('end', () => lost());
  reader.on('error', lost);
  // `serialport` closes a port by itself when an operation failed, and says why.
  port.on('close', (error?: Error | null) => lost(error));
  if (reader !== port) port.on('error', lost);

  const send = (bytes: Uint8Array, done: (error?: Error | null) => void) => {
    const sent = writing === 0 && tty !== undefined ? tty.writeNow(bytes) : 0;
    if (sent === bytes.length) {
      done();
      return;
    }
    writing += 1;
    port.write(bytes.subarray(sent), (error) => {
      writing -= 1;
      done(error);
      if (writing === 0) idle$.next();
    });
  };

  return {
    received$: receiving.received$,
    ended$: receiving.ended$,
    pause: receiving.pause,
    resume: receiving.resume,
    release,
    write: (bytes) =>
      new Observable<never>((subscriber) => {
        if (receiving.reason !== undefined) {
          subscriber.error(new TransportError('TRANSPORT_CLOSED', `${path} is closed: open it again.`));
          return;
        }
        send(bytes, (error) => {
          if (error) subscriber.error(lost(error));
          else subscriber.complete();
        });
      }),
    close: () =>
      new Observable<never>((subscriber) => {
        subscriber.add(released$.subscribe({ complete: () => subscriber.complete() }));
        if (writing === 0) release();
        else subscriber.add(idle$.pipe(take(1)).subscribe(release));
      }),
  };
}
