import { Observable } from 'rxjs';
import type { ByteLink } from '../byte-link.js';
import { TransportError } from '../errors.js';
import { fromAction } from '../from-action.js';
import { receiveQueue } from '../receive-queue.js';
import { writing } from '../write-data.js';
import { StreamWriter } from './stream-writer.js';
import type { WebStreams } from './to-web-streams.js';

/**
 * A link over Web Streams, for instance those of a `WebTransport` or a `WebSocketStream`. It locks
 * both streams until it has ended. The end of the readable ends the link.
 *
 * @param options the two streams
 * @returns the link
 */
export function fromWebStreams({ readable, writable }: WebStreams): ByteLink {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  let reading = false;
  let closing = false;
  const receiving = receiveQueue((hasDemand) => {
    if (hasDemand && !reading) void read();
  });

  const read = async () => {
    reading = true;
    try {
      while (receiving.hasDemand) {
        const { value, done } = await reader.read();
        if (value !== undefined) receiving.push(value);
        if (done) {
          receiving.end({ by: closing ? 'local' : 'remote' });
          // The other direction may still be open, and what was written before goes out.
          await writes.settled();
          await release();
        }
      }
    } catch (cause) {
      lost(cause);
    } finally {
      reading = false;
    }
  };

  const lost = (cause: unknown): TransportError => {
    const why = cause instanceof Error ? cause.message : String(cause);
    const error = new TransportError('TRANSPORT_LOST', `The stream failed: ${why}`, cause);
    receiving.end({ by: 'lost', error });
    writes.end(error);
    void release();
    return error;
  };

  const release = async () => {
    await Promise.allSettled([writer.close(), reader.cancel()]);
    reader.releaseLock();
    writer.releaseLock();
  };

  writer.closed.catch((cause: unknown) => lost(cause));
  const writes = new StreamWriter((bytes) => writer.write(bytes), lost);

  return {
    received$: receiving.received$,
    ended$: receiving.ended$,
    pause: receiving.pause,
    resume: receiving.resume,
    write: writing(
      (bytes) =>
        new Observable((subscriber) => {
          if (receiving.reason !== undefined) {
            subscriber.error(new TransportError('TRANSPORT_CLOSED', 'The stream has ended.'));
            return;
          }
          writes.send(bytes, subscriber);
        }),
    ),
    close: () =>
      fromAction(async () => {
        if (receiving.reason !== undefined) return;
        closing = true;
        await writes.settled();
        await writer.close().catch(lost);
        receiving.end({ by: 'local' });
        await release();
      }),
  };
}
