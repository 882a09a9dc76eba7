import { statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { lastValueFrom, Observable, Subject } from 'rxjs';
import { drainWithin } from '../drain.js';
import { TransportError } from '../errors.js';
import { receiveQueue } from '../receive-queue.js';
import type { InputLines, OutputLines, SerialLink } from '../serial-link.js';
import { writing } from '../write-data.js';
import { inTurn } from './in-turn.js';
import { deviceName, portReleases } from './port-releases.js';
import { PortWriter } from './port-writer.js';
import type { SerialPortLike } from './serial-port-like.js';
import { openTtyStream } from './tty-stream.js';

/** A {@link SerialLink} over an open port, with a `release` that closes it without waiting. */
export interface PortLink extends SerialLink {
  release(): void;
}

/** Time in ms between two checks whether a device without a reader is still there. */
const PRESENCE_CHECK = 500;

/** Makes a {@link PortLink} of a port that was just opened under `path`. */
export function portLink(path: string, port: SerialPortLike): PortLink {
  const tty = openTtyStream(path);
  const reader: Readable = tty?.reader ?? port;
  const released$ = new Subject<void>();
  const device = deviceOf(path);
  const name = deviceName(path);
  const lineTurn = inTurn();
  let lines: OutputLines = { dtr: true, rts: true, brk: false };
  let releasing = false;

  const receiving = receiveQueue((hasDemand) => {
    if (hasDemand) reader.resume();
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

  const release = () => {
    if (releasing) return;
    releasing = true;
    clearInterval(presence);
    receiving.end({ by: 'local' });
    portReleases.add(name, lastValueFrom(released$, { defaultValue: undefined }));
    afterAll([
      (done) => (port.isOpen ? port.close(done) : done()),
      (done) => (tty === undefined ? done() : tty.closed$.subscribe({ complete: done })),
    ])(() => released$.complete());
    tty?.reader.destroy();
  };

  // Reading detects a hang-up; without a reader, the disappearance of the device does.
  const presence = setInterval(() => {
    if (!receiving.hasDemand && deviceOf(path) !== device) lost(new Error('the device has gone'));
  }, PRESENCE_CHECK);
  presence.unref();

  reader.pause();
  reader.on('data', (chunk: Uint8Array) => receiving.push(chunk));
  reader.on('end', () => lost());
  reader.on('error', lost);
  // `serialport` closes a port by itself when an operation failed, and says why.
  port.on('close', (error?: Error | null) => lost(error));
  if (reader !== port) port.on('error', lost);

  const writer = new PortWriter(port, tty?.writer, lost);
  const closedError = () => new TransportError('TRANSPORT_CLOSED', `${path} is closed: open it again.`);

  /** Says what a failed operation means: that the device has gone, or that it has no such thing. */
  const failed = (error: Error): TransportError => {
    if (error instanceof TransportError) return error;
    if (/input\/output|EIO|ENXIO|ENODEV|EBADF|no such device|bad file|not open/i.test(error.message))
      return lost(error);
    return new TransportError('UNSUPPORTED', `${path} cannot do that: ${error.message}.`, error);
  };

  /** An operation on the open port that answers through a callback. */
  const operation = <T = never>(start: (done: (error?: Error | null, value?: T) => void) => void) =>
    new Observable<T>((subscriber) => {
      if (receiving.reason !== undefined) {
        subscriber.error(closedError());
        return;
      }
      start((error, value) => {
        if (error) {
          subscriber.error(failed(error));
          return;
        }
        if (value !== undefined) subscriber.next(value);
        subscriber.complete();
      });
    });

  return {
    received$: receiving.received$,
    ended$: receiving.ended$,
    pause: receiving.pause,
    resume: receiving.resume,
    release,
    get baudRate() {
      return port.baudRate;
    },
    get capacity() {
      return writer.capacity;
    },
    write: writing(
      (bytes) =>
        new Observable<never>((subscriber) => {
          if (receiving.reason === undefined) writer.send(bytes, subscriber);
          else subscriber.error(closedError());
        }),
    ),
    setBaudRate: (baudRate) => operation((done) => port.update({ baudRate }, done)),
    setLines: (wanted) =>
      operation((done) =>
        lineTurn((turn) => {
          // `set` moves every line: those that are not named to a default of its own.
          const next = { ...lines, ...wanted };
          port.set(next, (error) => {
            if (!error) lines = next;
            done(error);
            turn();
          });
        }),
      ),
    lines: () => operation<InputLines>((done) => port.get((error, state) => done(error, state))),
    drain: (limit) =>
      drainWithin(
        operation((done) => writer.drain(done)),
        path,
        limit,
      ),
    close: () =>
      new Observable<never>((subscriber) => {
        subscriber.add(released$.subscribe({ complete: () => subscriber.complete() }));
        if (receiving.reason === undefined) writer.whenWritten(release);
        else release();
      }),
  };
}

/** Works that call back, begun together; calls `done` when all of them have. */
function afterAll(works: readonly ((done: () => void) => void)[]): (done: () => void) => void {
  return (done) => {
    let left = works.length;
    for (const work of works) {
      work(() => {
        left -= 1;
        if (left === 0) done();
      });
    }
  };
}

/** What tells the device at a path from another one that takes its place. */
function deviceOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.rdev} ${found.ino}`;
}
