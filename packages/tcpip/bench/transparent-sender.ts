// One side of the comparison of transparent sessions, in a process of its own: `serialport` by hand, or the SDK. Told a
// port and the size of a write, it opens a session, pours into it, and tells the bytes per second.
import { once } from 'node:events';
import { modem } from '@a7600/tcpip';
import { open } from '@a7600/transport/async';
import { serial } from '@a7600/transport/serialport';
import { lastValueFrom } from 'rxjs';
import { SerialPort } from 'serialport';
import { CONNECT, FAR, MEASURED, WARM_UP } from './transparent-session.js';

/** What a sender is asked to do. */
export interface Order {
  readonly path: string;
  /** Bytes of a write. */
  readonly chunk: number;
}

/** Bytes that are written and not accepted at the most: a few of the largest chunks. */
const OUTSTANDING = 262_144;
const baudRate = 115_200;

/** Writes a chunk, and calls back when it is accepted. */
type Write = (bytes: Uint8Array, accepted: () => void) => void;

async function byHand({ path, chunk }: Order): Promise<number> {
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve) => {
    let heard = '';
    port.on('data', (bytes: Buffer) => {
      heard += bytes;
      if (heard.endsWith('CONNECT 115200\r\n')) resolve();
    });
    port.write(CONNECT);
  });
  const speed = await speedOf((bytes, accepted) => port.write(bytes, accepted), chunk);
  await new Promise((resolve) => port.close(resolve));
  return speed;
}

async function withSdk({ path, chunk }: Order): Promise<number> {
  const opened = await open(modem(serial({ path, baudRate })));
  const network = await open(opened.network({ transparent: true }));
  const session = await open(network.transparent(FAR));
  const speed = await speedOf(
    (bytes, accepted) => session.write(bytes).subscribe({ complete: accepted, error: () => {} }),
    chunk,
  );
  await lastValueFrom(opened.abort(), { defaultValue: undefined });
  return speed;
}

async function speedOf(write: Write, chunk: number): Promise<number> {
  await pour(write, chunk, WARM_UP);
  const start = performance.now();
  await pour(write, chunk, MEASURED);
  return (MEASURED * 1_000) / (performance.now() - start);
}

/** Writes so many bytes, and waits until all of them are at the other end. */
async function pour(write: Write, chunk: number, total: number): Promise<void> {
  const bytes = new Uint8Array(chunk).fill(0x55);
  const came = once(process, 'message');
  let written = 0;
  let outstanding = 0;
  let filling = false;
  const fill = () => {
    if (filling) return;
    filling = true;
    while (written < total && outstanding < OUTSTANDING) {
      const part = bytes.subarray(0, total - written);
      written += part.length;
      outstanding += part.length;
      write(part, () => {
        outstanding -= part.length;
        fill();
      });
    }
    filling = false;
  };
  fill();
  await came;
}

process.on('disconnect', () => process.exit());
const send = process.argv[2] === 'bare' ? byHand : withSdk;
for (;;) {
  const [order] = (await once(process, 'message')) as [Order];
  process.send?.(await send(order));
}
