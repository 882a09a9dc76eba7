import type { Readable } from 'node:stream';

/**
 * Reads exactly so many bytes of a paused stream, and leaves the rest in it.
 *
 * @param stream a stream that no other consumer reads
 * @param size number of bytes
 * @returns the bytes
 * @throws {Error} if the stream ends before that
 */
export async function take(stream: Readable, size: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let missing = size; missing > 0; ) {
    // All that is there: a listener for `readable` would be called for bytes that stay.
    const bytes = stream.read() as Buffer | null;
    if (bytes !== null) {
      chunks.push(bytes.subarray(0, missing));
      if (bytes.length > missing) stream.unshift(bytes.subarray(missing));
      missing -= bytes.length;
    } else if (stream.readableEnded || stream.destroyed) throw new Error('The client has left.');
    else await readable(stream);
  }
  return Buffer.concat(chunks);
}

/** Resolves when there may be something to read, or nothing ever again. */
function readable(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    const events = ['readable', 'end', 'close', 'error'];
    const done = () => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}
