import { createServer, type Socket } from 'node:net';
import { type LiveRecording, liveRecording } from '@a7600/diagnostics/capture';
import type { ByteLink } from '@a7600/transport';
import type { MonoTypeOperatorFunction } from 'rxjs';
import { observed } from './observed.js';
import { removeLeftOvers, removeSocket, socketFor } from './places.js';
import { answerRequests, type CommandRunner } from './requests.js';

/** A client that reads too slowly is dropped when so many bytes wait for it. */
const LONGEST_QUEUE = 64_000_000;

let count = 0;

/**
 * Lets other programs of this user see what passes through a link: `capture`, Wireshark and `term`. Each client of the
 * local socket gets a recording from the moment of its greeting, unredacted, and may send commands
 * (`requests.ts`). It costs nothing while there is no client.
 *
 * @param modem the modem that sends the commands of clients; undefined while there is none. Default: none
 * @returns an operator on transports; where no socket can be made, the link is not shared
 */
export function sharedLine<L extends ByteLink>(
  modem: () => CommandRunner | undefined = () => undefined,
): MonoTypeOperatorFunction<L> {
  return observed((clients) => serve(clients, modem));
}

/** Serves the local socket; the result ends it. */
function serve(observers: Set<LiveRecording>, modem: () => CommandRunner | undefined): () => void {
  const path = socketFor(`${process.pid}${count++ === 0 ? '' : `-${count}`}`);
  if (path === undefined) return () => {};
  // Left by a program that was killed, and had the same number.
  removeSocket(path);
  removeLeftOvers();
  const clients = new Map<Socket, LiveRecording>();
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    answerRequests(client, modem, () => begin(client));
  });
  const begin = (client: Socket) => {
    const startedAt = Date.now();
    const recording = liveRecording(
      (line) => {
        if (client.writableLength > LONGEST_QUEUE) client.destroy();
        else client.write(withStart(line, startedAt));
      },
      { redact: false },
    );
    clients.set(client, recording);
    observers.add(recording);
    client.on('close', () => {
      clients.delete(client);
      observers.delete(recording);
    });
  };
  server.on('error', () => {});
  server.listen(path);
  server.unref();
  return () => {
    for (const [client, recording] of clients) {
      recording.end();
      client.end();
    }
    server.close();
    removeSocket(path);
  };
}

/** The header says when the recording began, so that a capture can show the time of day. */
function withStart(line: string, startedAt: number): string {
  return line.startsWith('{"format"') ? `${JSON.stringify({ ...JSON.parse(line), startedAt })}\n` : line;
}
