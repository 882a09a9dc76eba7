import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { openPty, type Pty } from '@a7600/testing/node';
import { linkPair } from '@a7600/transport';
import { CHUNK } from './driver.js';
import { medianOf, rate, rateOver } from './measure.js';

/** What the bare things do that an emulator stands between. */
export interface Raw {
  /** Bytes per second. */
  readonly bytes: number;
  /** Questions and answers per second. */
  readonly exchanges: number;
}

const QUESTION = new Uint8Array(7);
const ANSWER = new Uint8Array(21);

/** A pair in memory. */
export async function rawPair(): Promise<Raw> {
  const [a, b] = linkPair();
  let received = 0;
  b.received$.subscribe((bytes) => (received += bytes.length));
  const chunk = new Uint8Array(CHUNK);
  const send = () => {
    for (let count = 0; count < 100; count++) a.write(chunk).subscribe();
  };
  const bytes = await medianOf(() => rate(send, () => received));

  const [c, d] = linkPair();
  let answers = 0;
  c.received$.subscribe(() => (answers += 1));
  d.received$.subscribe(() => d.write(ANSWER).subscribe());
  const ask = () => {
    for (let count = 0; count < 100; count++) c.write(QUESTION).subscribe();
  };
  return { bytes, exchanges: await medianOf(() => rate(ask, () => answers)) };
}

/** A pseudo-terminal with this process at both ends; undefined where there is none. */
export async function rawPty(): Promise<Raw | undefined> {
  const opened = await new Promise<{ device: Pty; close: () => void } | undefined>((resolve) => {
    const life = openPty().subscribe({
      next: (device) => resolve({ device, close: () => life.unsubscribe() }),
      error: () => resolve(undefined),
    });
  });
  if (opened === undefined) return undefined;
  const { device, close } = opened;
  const writer = openSync(device.path, constants.O_RDWR | constants.O_NOCTTY);
  const reader = new ReadStream(openSync(device.path, constants.O_RDONLY | constants.O_NOCTTY));
  let received = 0;
  let onChunk = () => {};
  reader.on('data', (bytes: Uint8Array) => {
    received += bytes.length;
    onChunk();
  });

  const chunk = new Uint8Array(CHUNK);
  let running = true;
  const next = () => {
    if (running) device.write(chunk).subscribe({ complete: () => setImmediate(next) });
  };
  for (let count = 0; count < 8; count++) next();
  const bytes = await medianOf(() => rateOver(() => received));
  running = false;
  await new Promise((resolve) => setTimeout(resolve, 100));

  let answers = 0;
  const asking = device.received$.subscribe(() => device.write(ANSWER).subscribe());
  onChunk = () => {
    answers += 1;
    writeSync(writer, QUESTION);
  };
  writeSync(writer, QUESTION);
  const exchanges = await medianOf(() => rateOver(() => answers));
  onChunk = () => {};
  asking.unsubscribe();
  reader.destroy();
  closeSync(writer);
  close();
  return { bytes, exchanges };
}
