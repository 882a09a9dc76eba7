import type { Duplex } from 'node:stream';
import { Observable, type Subscriber } from 'rxjs';
import type { ByteLink } from '../byte-link.js';
import { TransportError } from '../errors.js';
import { receiveQueue } from '../receive-queue.js';
import { writing } from '../write-data.js';

/** A {@link ByteLink} over a Node stream. */
export interface DuplexLink extends ByteLink {
  /** Drops the stream at once, without sending what is still queued. */
  destroy(): void;
}

/** Writes of so many bytes gain nothing from waiting for others. */
const LARGE = 16_384;

/**
 * Makes a {@link ByteLink} of an open Node stream, for instance a connected `net.Socket`. The link
 * owns the stream from then on: no other code should read, write or end it. Small writes of the same
 * turn of the event loop are handed to the stream together.
 *
 * The stream's end of input completes `received$`; writing goes on after that as far as the stream
 * allows half-open use. `close()` sends what is queued, then ends both directions.
 *
 * @param stream an open stream
 * @returns the link
 */
export function fromDuplex(stream: Duplex): DuplexLink {
  return duplexLink(stream, () => undefined);
}

/**
 * The same, with a look at the first bytes received: the error that `refusal` returns, if any, ends
 * the link as lost.
 */
export function duplexLink(
  stream: Duplex,
  refusal: (first: Uint8Array) => TransportError | undefined,
): DuplexLink {
  const receiving = receiveQueue((hasDemand) => {
    if (hasDemand) stream.resume();
    else stream.pause();
  });
  const underWay = new Set<Subscriber<never>>();
  let closing = false;
  let burst = false;

  const burstEnds = () => {
    burst = false;
    stream.uncork();
  };

  /** The first write of a turn goes out at once, the others of the same turn together after it. */
  const send = (bytes: Uint8Array, subscriber: Subscriber<never>) => {
    underWay.add(subscriber);
    stream.write(bytes, (error) => {
      // A destroyed stream may say that it took what it dropped; it closes soon, and that is the end of the write.
      if (stream.destroyed) return;
      underWay.delete(subscriber);
      if (error) subscriber.error(error);
      else subscriber.complete();
    });
    if (burst || bytes.length >= LARGE) return;
    burst = true;
    stream.cork();
    process.nextTick(burstEnds);
  };

  const lost = (cause: Error) =>
    receiving.end({
      by: 'lost',
      error: new TransportError('TRANSPORT_LOST', `The stream failed: ${cause.message}`, cause),
    });

  stream.pause();
  stream.once('data', (chunk: Uint8Array) => {
    const error = refusal(chunk);
    if (error === undefined) return;
    receiving.end({ by: 'lost', error });
    stream.destroy();
  });
  stream.on('data', (chunk: Uint8Array) => receiving.push(chunk));
  stream.on('end', receiving.finish);
  stream.on('error', lost);
  stream.on('close', () => {
    if (closing) receiving.end({ by: 'local' });
    else if (stream.readableEnded) receiving.end({ by: 'remote' });
    else lost(new Error('it was closed without an end'));
    const { reason } = receiving;
    const message = 'The stream was closed before it took all that was written.';
    const error = reason?.by === 'lost' ? reason.error : new TransportError('TRANSPORT_CLOSED', message);
    for (const subscriber of underWay) subscriber.error(error);
    underWay.clear();
  });

  return {
    received$: receiving.received$,
    ended$: receiving.ended$,
    pause: receiving.pause,
    resume: receiving.resume,
    destroy() {
      closing = true;
      stream.destroy();
    },
    write: writing(
      (bytes) =>
        new Observable<never>((subscriber) => {
          if (!stream.writable) {
            subscriber.error(new TransportError('TRANSPORT_CLOSED', 'The stream has ended.'));
            return;
          }
          send(bytes, subscriber);
        }),
    ),
    end: () =>
      new Observable<never>((subscriber) => {
        stream.end((error?: Error | null) => (error ? subscriber.error(error) : subscriber.complete()));
      }),
    close: () =>
      new Observable<never>((subscriber) => {
        const done = () => subscriber.complete();
        if (stream.destroyed) {
          done();
          return;
        }
        closing = true;
        stream.once('close', done);
        stream.end(() => stream.destroy());
      }),
  };
}
