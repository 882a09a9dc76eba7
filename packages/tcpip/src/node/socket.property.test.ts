import { linkPair } from '@a7600/transport';
import fc from 'fast-check';
import { Observable } from 'rxjs';
import { expect, test } from 'vitest';
import { fakeNetwork } from '../../test/fake-network.js';
import type { ModemLink } from './modem-network.js';
import { ModemSocket } from './socket.js';

/** What a program does with a socket, one thing after the other. */
const step = fc.oneof(
  fc.record({ do: fc.constant('write' as const), size: fc.integer({ min: 0, max: 20_000 }) }),
  fc.record({ do: fc.constantFrom('cork', 'uncork', 'turn', 'pause', 'resume') }),
  fc.record({ do: fc.constant('receive' as const), size: fc.integer({ min: 1, max: 5_000 }) }),
);

/** Bytes that tell their place. */
function numbered(from: number, size: number): Buffer {
  return Buffer.from(
    Uint8Array.from({ length: size }, (_, at) => ((from + at) * 31 + ((from + at) >> 8)) % 256),
  );
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A socket over a link in memory, connected or about to be, and what the far end has got. */
function connected(slow: boolean) {
  const [near, far] = linkPair();
  const sent: Uint8Array[] = [];
  let isClosed = false;
  far.received$.subscribe({
    next: (bytes) => sent.push(bytes),
    complete: () => (isClosed = true),
    error: () => {},
  });
  const slowly = (bytes: Uint8Array) =>
    new Observable<never>((subscriber) => {
      const timer = setImmediate(() => subscriber.add(near.write(bytes).subscribe(subscriber)));
      return () => clearImmediate(timer);
    });
  const link: ModemLink = {
    ...near,
    remote: { host: '10.3.0.1', port: 80 },
    write: slow ? slowly : (bytes) => near.write(bytes),
  };
  const socket = new ModemSocket(
    fakeNetwork(() => link),
    { halfCloseTimeout: 0 },
  ).connect(80, '10.3.0.1');
  return {
    socket,
    far,
    sent: () => Buffer.concat(sent),
    get isClosed() {
      return isClosed;
    },
  };
}

test('whatever a program does, every byte goes through once and in order, and end() closes after the last', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, slow) => {
      const world = connected(slow);
      const { socket, far } = world;
      const received: Buffer[] = [];
      const called: number[] = [];
      let [written, writes, coming] = [0, 0, 0];
      socket.on('data', (bytes) => received.push(bytes));
      for (const { do: what, ...details } of steps) {
        const size = 'size' in details ? details.size : 0;
        if (what === 'write') {
          const index = writes++;
          socket.write(numbered(written, size), () => called.push(index));
          written += size;
        } else if (what === 'receive') {
          far.write(numbered(coming, size)).subscribe({ error: () => {} });
          coming += size;
        } else if (what === 'turn') await turn();
        else socket[what]();
      }
      socket.resume();
      // The connection is there, and what was sent to it has come.
      while (socket.connecting || socket.bytesRead < coming) await turn();
      const closed = new Promise<unknown>((resolve) => socket.once('close', resolve));
      socket.end();
      expect(await closed).toBe(false);
      expect(world.sent().equals(numbered(0, written))).toBe(true);
      expect(Buffer.concat(received).equals(numbered(0, coming))).toBe(true);
      expect(called).toEqual(Array.from({ length: writes }, (_, index) => index));
      expect([socket.bytesWritten, world.isClosed]).toEqual([written, true]);
    }),
    { numRuns: 200 },
  );
});
