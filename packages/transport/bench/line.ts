import type { Duplex } from 'node:stream';
import { lastValueFrom, type Observable } from 'rxjs';
import type { ByteLink } from '../src/index.js';
import type { WebStreams } from '../src/web/index.js';

/** Bytes written and not yet accepted: a few chunks. */
const OUTSTANDING = 262_144;

/** An open link, seen by the measurement: ours or the bare thing. */
export interface Line {
  write(bytes: Uint8Array, accepted: () => void): void;
  onData(count: (bytes: number) => void): void;
  close(): Promise<unknown>;
}

export async function opened(transport: Observable<ByteLink>): Promise<Line> {
  return ofLink(...(await linkOf(transport)));
}

export function linkOf(transport: Observable<ByteLink>): Promise<[ByteLink, () => void]> {
  return new Promise((resolve, reject) => {
    const subscription = transport.subscribe({
      next: (open) => resolve([open, () => subscription.unsubscribe()]),
      error: reject,
    });
  });
}

export function ofLink(link: ByteLink, unsubscribe: () => void): Line {
  return {
    write: (bytes, accepted) => link.write(bytes).subscribe({ complete: accepted }),
    onData: (count) => link.received$.subscribe({ next: (bytes) => count(bytes.length), error: () => {} }),
    close: async () => {
      await lastValueFrom(link.close(), { defaultValue: undefined });
      unsubscribe();
    },
  };
}

export function ofStream(stream: Duplex, close: () => Promise<unknown>): Line {
  return {
    write: (bytes, accepted) => stream.write(bytes, accepted),
    onData: (count) => stream.on('data', (chunk: Buffer) => count(chunk.length)),
    close,
  };
}

/** Web streams used as they are. */
export function ofWebStreams({ readable, writable }: WebStreams, close: () => void): Line {
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  const readAll = async (count: (bytes: number) => void) => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      count(value.length);
    }
  };
  // They fail when the connection is closed after the measurement.
  const ignore = () => {};
  writer.closed.catch(ignore);
  reader.closed.catch(ignore);
  return {
    write: (bytes, accepted) => void writer.write(bytes).then(accepted),
    onData: (count) => void readAll(count).catch(ignore),
    close: async () => close(),
  };
}

/** Writes that many bytes, always a few chunks at once. Resolves when all are accepted. */
export function sendAll(line: Line, bytes: number, size: number): Promise<void> {
  const chunk = new Uint8Array(size).fill(0x55);
  return new Promise((resolve) => {
    let written = 0;
    let accepted = 0;
    let filling = false;
    const fill = () => {
      if (filling) return;
      filling = true;
      while (written < bytes && written - accepted < OUTSTANDING) {
        written += size;
        line.write(chunk, () => {
          accepted += size;
          if (accepted >= bytes) resolve();
          else fill();
        });
      }
      filling = false;
    };
    fill();
  });
}
