import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { GREETING } from './server.js';

/** What was measured of one direction. */
export interface Transfer {
  readonly bytes: number;
  readonly seconds: number;
}

/** Time in ms after which a server that says nothing is none of ours; a mobile network can take seconds. */
const SILENCE = 20_000;

/** Called with what has passed so far. */
export type OnProgress = (bytes: number) => void;

/**
 * Measures how long bytes take from the server to here, from the first to the last.
 *
 * @param socket connected with a `speedServer`
 * @param bytes how many
 * @param onProgress see {@link OnProgress}
 * @returns the measurement; rejects if fewer come
 */
export async function down(socket: Duplex, bytes: number, onProgress: OnProgress): Promise<Transfer> {
  socket.write(`${GREETING} down ${bytes}\n`);
  const asked = performance.now();
  let first: number | undefined;
  let counted = 0;
  let received = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received += chunk.length;
    // The first chunk only starts the clock: when its bytes were sent is unknown.
    if (first === undefined) first = performance.now();
    else counted += chunk.length;
    onProgress(received);
    if (received >= bytes) break;
  }
  if (received < bytes || first === undefined) throw unexpected(received);
  // All of it at once: there is no other clock than that of the request.
  if (counted === 0) return { bytes: received, seconds: (performance.now() - asked) / 1_000 };
  return { bytes: counted, seconds: (performance.now() - first) / 1_000 };
}

/**
 * Measures how long bytes take from here until the server has them.
 *
 * @param socket connected with a `speedServer`
 * @param bytes how many
 * @param onProgress see {@link OnProgress}
 * @returns the measurement; rejects if the server does not confirm it
 */
export async function up(socket: Duplex, bytes: number, onProgress: OnProgress): Promise<Transfer> {
  const lines = createInterface({ input: socket });
  const answer = once(lines, 'line');
  const failed = once(socket, 'close').then(() => {
    throw unexpected(0);
  });
  failed.catch(() => {});
  socket.write(`${GREETING} up ${bytes}\n`);
  const started = performance.now();
  const block = Buffer.alloc(6_000, 'a7600-speed ');
  for (let sent = 0; sent < bytes; sent += block.length) {
    const isTaken = socket.write(block.subarray(0, Math.min(block.length, bytes - sent)));
    if (!isTaken) await Promise.race([once(socket, 'drain'), failed]);
    onProgress(Math.min(bytes, sent + block.length));
  }
  const [line] = await Promise.race([answer, failed]);
  if (line !== 'done') throw unexpected(0);
  return { bytes, seconds: (performance.now() - started) / 1_000 };
}

/**
 * Measures round trips of a few bytes.
 *
 * @param socket connected with a `speedServer`
 * @param count how many
 * @param timeout how many ms to wait for each
 * @returns each one in ms, sorted; rejects if the server answers something else, or not in time
 */
export async function roundTrips(socket: Duplex, count: number, timeout = SILENCE): Promise<number[]> {
  const lines = createInterface({ input: socket });
  const failed = once(socket, 'close').then(() => {
    throw unexpected(0);
  });
  failed.catch(() => {});
  socket.write(`${GREETING} echo 0\n`);
  const times: number[] = [];
  for (let number = 0; number < count; number++) {
    const started = performance.now();
    socket.write(`${number}\n`);
    const timer = setTimeout(() => lines.emit('line', undefined), timeout);
    const [line] = await Promise.race([once(lines, 'line'), failed]);
    clearTimeout(timer);
    if (line !== `${number}`) throw stranger(line, timeout);
    times.push(performance.now() - started);
  }
  return times.sort((one, other) => one - other);
}

/** It answers something else, or nothing. */
function stranger(line: string | undefined, timeout: number): Error {
  const did =
    line === undefined ? `did not answer for ${timeout / 1_000} s` : `answered "${line.slice(0, 40)}"`;
  return new Error(`The server ${did}. Is it \`a7600 speed --serve\`?`);
}

function unexpected(bytes: number): Error {
  return new Error(
    `The server ended the connection after ${bytes} bytes. Is it \`a7600 speed --serve\`, and are there no other clients?`,
  );
}
