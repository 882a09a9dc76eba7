import { randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';

/** The result of a self-check. */
export interface CheckReport {
  readonly bytes: number;
  readonly seconds: number;
}

/** Time in ms without a byte after which the check fails. */
const TIMEOUT = 20_000;
const BINARY_BYTES = 256 * 1024;

/**
 * Returns text, then 256 KiB of random bytes that contain everything which a careless driver would parse as a line
 * of the module.
 */
export function checkPayload(): Buffer {
  const binary = randomBytes(BINARY_BYTES);
  const traps = ['\r\nOK\r\n', '\r\n>', '>', '\r\nERROR\r\n', '\r\n+IPCLOSE: 0,1\r\n', '+IPCLOSE: 0,1\r\n'];
  traps.forEach((trap, index) => {
    for (let at = 1000 + 100 * index; at < binary.length - 100; at += 9973) binary.write(trap, at, 'latin1');
  });
  return Buffer.concat([Buffer.from('Hello, modem!\r\n'), binary]);
}

/** Connects as a client, sends {@link checkPayload}, and compares what comes back. */
export function selfCheck(host: string, port: number): Promise<CheckReport> {
  const sent = checkPayload();
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, timeout: TIMEOUT });
    const started = performance.now();
    let received = 0;

    const fail = (problem: string) => {
      socket.destroy();
      reject(new Error(`${problem} after ${received} of ${sent.length} bytes.`));
    };
    socket.on('connect', () => socket.write(sent));
    socket.on('timeout', () => fail(`Nothing came back for ${TIMEOUT / 1000} s`));
    socket.on('error', (error) => fail(`The connection failed (${error.message})`));
    socket.on('end', () => fail('The server closed the connection'));
    socket.on('data', (chunk) => {
      const expected = sent.subarray(received, received + chunk.length);
      if (!chunk.equals(expected)) {
        fail('A byte that came back differs from the one sent');
        return;
      }
      received += chunk.length;
      if (received < sent.length) return;
      const seconds = (performance.now() - started) / 1000;
      socket.removeAllListeners('end').once('close', () => resolve({ bytes: received, seconds }));
      socket.end();
    });
  });
}
