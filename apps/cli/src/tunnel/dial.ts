import { ModemSocket, type NetworkSource } from '@a7600/tcpip/node';
import { peerError } from './peer-error.js';

/** Where and how to connect. Times are in ms. */
export interface DialOptions {
  readonly host: string;
  readonly port: number;
  /** As for `ModemSocket`: how long a connection that was ended from this side waits for the peer. */
  readonly halfCloseTimeout: number;
  /** Whether the connection may be closed for another one while it is idle. */
  readonly yields?: boolean;
  /** What the network reaches where that is not the Internet, for the error of a connection that could not be made. */
  readonly reach?: string | undefined;
  /** Time for the connection, waiting for a network and for a link included. Default 120000. */
  readonly timeout?: number;
  /** Ends the attempt. */
  readonly signal?: AbortSignal;
}

const TIMEOUT = 120_000;
/** Time in ms after which an attempt is repeated that an outage has interrupted. */
const PAUSE = 250;

/**
 * Connects through the modem. Waits for a network during an outage, and for a link while all ten are in use.
 *
 * @param source an observable of networks that emits only open ones
 * @param options see {@link DialOptions}
 * @returns the connected socket; rejects as `net.connect` fails, in words (`peerError`), and with `ETIMEDOUT` after the
 * timeout
 */
export async function dial(source: NetworkSource, options: DialOptions): Promise<ModemSocket> {
  const { timeout = TIMEOUT, signal } = options;
  const deadline = performance.now() + timeout;
  for (;;) {
    try {
      return await attempt(source, options, deadline - performance.now());
    } catch (error) {
      const isOutage = (error as NodeJS.ErrnoException).code === 'ENETDOWN';
      if (!isOutage || performance.now() + PAUSE > deadline) throw peerError(error, options, options.reach);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      signal?.throwIfAborted();
    }
  }
}

function attempt(source: NetworkSource, options: DialOptions, left: number): Promise<ModemSocket> {
  const { host, port, halfCloseTimeout, yields = false, signal } = options;
  const socket = new ModemSocket(source, { halfCloseTimeout, yields });
  return new Promise((resolve, reject) => {
    const late = () => {
      const message = `connect ETIMEDOUT ${host}:${port}: no network or no link became free in time`;
      socket.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT', syscall: 'connect' }));
    };
    const abort = () => {
      socket.destroy();
      reject(signal?.reason);
    };
    const timer = setTimeout(late, left);
    const settled = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off('error', failed);
    };
    const failed = (error: Error) => {
      settled();
      reject(error);
    };
    socket.on('error', failed);
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    socket.connect(port, host, () => {
      settled();
      resolve(socket);
    });
  });
}
