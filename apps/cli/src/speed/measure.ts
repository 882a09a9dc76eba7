import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { GREETING } from './server.js';

/** What was measured of one direction. */
export interface Transfer {
  readonly bytes: number;
  readonly seconds: number;
}

/** Time in ms after which nothing more is expected: a mobile network can take seconds. */
export const SILENCE = 20_000;

/** How a transfer is measured. */
export interface Measurement {
  /** Called with the bytes that have passed so far. */
  readonly onProgress?: (bytes: number) => void;
  /** Time in ms after which a transfer is given up of which nothing more passes. Default {@link SILENCE}. */
  readonly timeout?: number;
}

/**
 * Measures how long bytes take from the server to here, from the first to the last.
 *
 * @param socket connected with a `speedServer`
 * @param bytes how many
 * @param how see {@link Measurement}
 * @returns the measurement; rejects if fewer come, or nothing for too long
 */
export function down(socket: Duplex, bytes: number, how: Measurement = {}): Promise<Transfer> {
  return untilStall('down', socket, bytes, how, async (onProgress) => {
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
  });
}

/**
 * Measures how long bytes take from here until the server has them.
 *
 * @param socket connected with a `speedServer`
 * @param bytes how many
 * @param how see {@link Measurement}
 * @returns the measurement; rejects if the server does not confirm it, or nothing is taken for too long
 */
export function up(socket: Duplex, bytes: number, how: Measurement = {}): Promise<Transfer> {
  return untilStall('up', socket, bytes, how, async (onProgress) => {
    const lines = createInterface({ input: socket });
    const answer = once(lines, 'line');
    answer.catch(() => {});
    const failed = once(socket, 'close').then(() => {
      throw unexpected(0);
    });
    failed.catch(() => {});
    socket.write(`${GREETING} up ${bytes}\n`);
    const started = performance.now();
    const block = Buffer.alloc(BLOCK, 'a7600-speed ');
    const waiting: Promise<void>[] = [];
    for (let sent = 0; sent < bytes; sent += block.length) {
      const end = Math.min(bytes, sent + block.length);
      // The buffer of a stream may hold what takes longer than the longest silence: it would look like one.
      if (waiting.length === WINDOW) await Promise.race([waiting.shift(), failed]);
      const taken = new Promise<void>((resolve) =>
        socket.write(block.subarray(0, end - sent), (error) => {
          if (error) return;
          onProgress(end);
          resolve();
        }),
      );
      waiting.push(taken);
    }
    const [line] = await Promise.race([answer, failed]);
    if (line !== 'done') throw unexpected(0);
    return { bytes, seconds: (performance.now() - started) / 1_000 };
  });
}

/** Bytes that are written at a time, and how often before the first of them are taken. */
const BLOCK = 6_000;
const WINDOW = 3;
/** The most that passes between two reports of progress, in bytes. */
export const STRIDE = BLOCK * WINDOW;

/** Does some work on a connection, which it breaks once the work has made no progress for too long. */
async function untilStall(
  direction: 'down' | 'up',
  socket: Duplex,
  bytes: number,
  { onProgress = () => {}, timeout = SILENCE }: Measurement,
  work: (onProgress: (bytes: number) => void) => Promise<Transfer>,
): Promise<Transfer> {
  let passed = 0;
  const timer = setTimeout(
    () => socket.destroy(stalled(timeout, `${passed} of ${bytes} bytes ${direction}`)),
    timeout,
  );
  try {
    return await work((done) => {
      passed = done;
      timer.refresh();
      onProgress(done);
    });
  } finally {
    clearTimeout(timer);
  }
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

function stalled(timeout: number, after: string): Error {
  return new Error(
    `Nothing has passed for ${timeout / 1_000} s, after ${after}. The mobile network, or the server, has stalled; ` +
      '`a7600 doctor` examines the network.',
  );
}

function unexpected(bytes: number): Error {
  return new Error(
    `The server ended the connection after ${bytes} bytes. Is it \`a7600 speed --serve\`, and are there no other clients?`,
  );
}
