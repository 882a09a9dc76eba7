import { defer, map, Observable } from 'rxjs';
import { drainWithin } from '../drain.js';
import { TransportError } from '../errors.js';
import { fromAction } from '../from-action.js';
import { receiveQueue } from '../receive-queue.js';
import { releases } from '../releases.js';
import type { OutputLines, SerialLink } from '../serial-link.js';
import { StreamWriter } from '../web/stream-writer.js';
import { writing } from '../write-data.js';
import type { OpenSettings, WebSerialPortLike } from './port-like.js';

/** The ports that this program is closing. */
export const webReleases = releases<WebSerialPortLike>(new WeakMap());

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** A link over an open port, with a `release` that closes it without waiting. */
export function webPortLink(
  port: WebSerialPortLike,
  settings: OpenSettings,
): SerialLink & { release(): void } {
  let baudRate = settings.baudRate;
  let reader: Reader | undefined;
  let reading: Promise<void> | undefined;
  let writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  let suspended = false;
  let closed: Promise<void> | undefined;

  const receiving = receiveQueue((hasDemand) => {
    if (hasDemand) startReading();
  });

  const startReading = () => {
    if (reading !== undefined || suspended) return;
    reading = readAll().finally(() => {
      reading = undefined;
      if (receiving.hasDemand) startReading();
    });
  };

  /** Reads while there is demand. After an error on the line the port has a new stream. */
  const readAll = async () => {
    while (receiving.hasDemand && !suspended && port.readable !== null) {
      const stream = port.readable;
      reader = stream.getReader();
      try {
        while (receiving.hasDemand && !suspended) {
          const { value, done } = await reader.read();
          if (value !== undefined) receiving.push(value);
          if (done && closed === undefined && !suspended) lost(new Error('the device hung up'));
          if (done) break;
        }
      } catch (cause) {
        if (port.readable === null || port.readable === stream) lost(cause);
      } finally {
        reader.releaseLock();
        reader = undefined;
      }
    }
    if (port.readable === null && !suspended) lost(new Error('the device has gone'));
  };

  const lost = (cause: unknown): TransportError => {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `Lost the serial port: ${why}. Check the cable and the module's power.`;
    const error = new TransportError('TRANSPORT_LOST', message, cause);
    receiving.end({ by: 'lost', error });
    // What is not sent yet would hold the port open.
    writer?.abort().catch(() => {});
    void close();
    return error;
  };

  const disconnected = () => {
    lost(new Error('the device was unplugged'));
  };
  port.addEventListener('disconnect', disconnected);

  /** Closes the port in the order that the API asks for: no reader, no writer, then the port. */
  const closePort = async () => {
    await reader?.cancel().catch(() => {});
    await reading;
    await writes.settled();
    writer?.releaseLock();
    writer = undefined;
    await port.close().catch(() => {});
  };

  const close = (): Promise<void> => {
    closed ??= (async () => {
      port.removeEventListener('disconnect', disconnected);
      await writes.settled();
      receiving.end({ by: 'local' });
      await closePort();
    })();
    webReleases.add(port, closed);
    return closed;
  };

  const write = (bytes: Uint8Array): Observable<never> =>
    new Observable((subscriber) => {
      if (receiving.reason !== undefined || suspended || port.writable === null) {
        subscriber.error(new TransportError('TRANSPORT_CLOSED', 'The port is closed: open it again.'));
        return;
      }
      writes.send(bytes, subscriber);
    });

  const writes = new StreamWriter((bytes) => {
    if (port.writable === null) throw new Error('the port is closed');
    writer ??= writerOf(port.writable);
    return writer.write(bytes);
  }, lost);

  /** After an error the port has a new stream, which needs a writer of its own. */
  const writerOf = (stream: WritableStream<Uint8Array>) => {
    const own = stream.getWriter();
    own.closed.catch(() => {
      own.releaseLock();
      if (writer === own) writer = undefined;
    });
    return own;
  };

  /** The API sets the speed only when it opens a port. */
  const reopen = async (speed: number) => {
    suspended = true;
    await closePort();
    await port.open({ ...settings, baudRate: speed });
    baudRate = speed;
    suspended = false;
    if (receiving.hasDemand) startReading();
  };

  return {
    received$: receiving.received$,
    ended$: receiving.ended$,
    pause: receiving.pause,
    resume: receiving.resume,
    get baudRate() {
      return baudRate;
    },
    release: () => {
      receiving.end({ by: 'local' });
      writer?.abort().catch(() => {});
      void close();
    },
    write: writing(write),
    close: () => fromAction(close),
    setBaudRate: (speed) => fromAction(() => reopen(speed)),
    setLines: (lines) => fromAction(() => port.setSignals(signals(lines))),
    lines: () =>
      defer(() => port.getSignals()).pipe(
        map(({ clearToSend: cts, dataSetReady: dsr, dataCarrierDetect: dcd }) => ({ cts, dsr, dcd })),
      ),
    drain: (limit) =>
      drainWithin(
        fromAction(() => writes.settled()),
        'The port',
        limit,
      ),
  };
}

function signals({ dtr, rts, brk }: Partial<OutputLines>) {
  return {
    ...(dtr === undefined ? {} : { dataTerminalReady: dtr }),
    ...(rts === undefined ? {} : { requestToSend: rts }),
    ...(brk === undefined ? {} : { break: brk }),
  };
}
