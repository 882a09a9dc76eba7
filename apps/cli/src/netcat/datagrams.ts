import type { Readable, Writable } from 'node:stream';
import type { ModemDatagramSocket } from '@a7600/tcpip/node';

/** A datagram's peer. */
interface Peer {
  readonly address: string;
  readonly port: number;
}

/** The longest datagram that the module sends, in bytes (application note, 3.3.1). */
const LONGEST = 1_500;

/** Settings of {@link relayDatagrams}. */
export interface DatagramRelay {
  /** Where to send; undefined for the peer that sends the first datagram. */
  readonly to: Peer | undefined;
  /** Time in ms of silence after the end of the input; undefined waits for ever. */
  readonly hold: number;
  /** Ends the relay. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Joins standard input and output with a UDP socket: each chunk of the input is a datagram, at most 1500 bytes of it,
 * and the payload of each datagram that comes is written to the output.
 *
 * @param input what is sent
 * @param output what receives the payload
 * @param socket bound, or bound by the first datagram
 * @param options see {@link DatagramRelay}
 * @returns resolves after the hold time; rejects if a datagram cannot be sent
 */
export function relayDatagrams(
  input: Readable,
  output: Writable,
  socket: ModemDatagramSocket,
  { to, hold, signal }: DatagramRelay,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let peer: Peer | undefined;
    let onInput = (_: Buffer) => {};
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    let hasInput = true;
    const finish = (error?: Error) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      input.off('data', onInput).off('end', inputEnds).pause();
      signal?.removeEventListener('abort', abort);
      // It may have closed itself after an error.
      socket[Symbol.asyncDispose]().then(() => (error === undefined ? resolve() : reject(error)), reject);
    };
    const abort = () => finish();
    const watch = () => {
      clearTimeout(timer);
      if (!hasInput) timer = setTimeout(() => (socket.getSendQueueCount() > 0 ? watch() : finish()), hold);
    };
    const send = (to: Peer, bytes: Buffer) => {
      input.pause();
      const chunks = Array.from({ length: Math.ceil(bytes.length / LONGEST) }, (_, index) =>
        bytes.subarray(index * LONGEST, (index + 1) * LONGEST),
      );
      const next = () => {
        const chunk = chunks.shift();
        if (chunk === undefined) {
          watch();
          input.resume();
        } else socket.send(chunk, to.port, to.address, (error) => (error ? finish(error) : next()));
      };
      next();
    };
    const inputEnds = () => {
      hasInput = false;
      watch();
    };
    const readInput = (to: Peer) => {
      peer = to;
      onInput = (bytes) => send(to, bytes);
      input.on('data', onInput).on('end', inputEnds);
    };
    socket.on('error', finish);
    socket.on('message', (payload: Buffer, { address, port }) => {
      watch();
      output.write(payload);
      if (peer === undefined) readInput({ address, port });
    });
    output.on('error', () => finish());
    // Without a peer, the input waits where it is.
    if (to !== undefined) readInput(to);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) finish();
  });
}
