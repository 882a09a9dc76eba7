import { a7600, createDecoder, type Payload } from '@a7600/at-codec';
import { receiveQueue } from '@a7600/transport';
import { virtualTime } from '../../testing/test/virtual-time.js';

import type { Job, TrafficSource } from '../src/lane/job.js';
import { BufferReader } from '../src/sockets/buffer-reader.js';
import { bytesOf } from './world.js';

/** A reader whose lane is the test: it takes the turns and answers each read. */
export function readerRig({ hex = false } = {}) {
  const { scheduler, advance } = virtualTime();
  const waiting: TrafficSource[] = [];
  const received: Uint8Array[] = [];
  const lost: Error[] = [];
  const bytes = receiveQueue((hasDemand) => {
    if (hasDemand) reader.wake();
  });
  const wake = (source: TrafficSource) => {
    if (!waiting.includes(source)) waiting.push(source);
  };
  const reader = new BufferReader({
    link: 3,
    lane: { wake },
    scheduler,
    receiveQueue: bytes,
    hex,
    deliver: (chunks) => {
      for (const chunk of chunks) bytes.push(chunk);
    },
    onLost: (error) => lost.push(error),
  });
  let job: Job | undefined;
  /** The next read that goes out, if there is one. */
  const turn = () => {
    const next = waiting.shift()?.next();
    job = next ?? job;
    return next?.command.text;
  };
  const answer = (text: string, rest: number) =>
    job?.settle({ ok: true, value: { link: 3, payload: [bytesOf(text)], rest } });
  const skip = () => job?.skipped?.();
  const begin = () => job?.answered?.();
  const fail = (error: Error) => job?.settle({ ok: false, error });
  const subscribe = () => bytes.received$.subscribe((chunk) => received.push(chunk));
  return { reader, bytes, received, lost, turn, answer, skip, begin, fail, subscribe, scheduler, advance };
}

/** The events of a block that was read, as the decoder gives them: `announced` bytes, and `rest` more in the module. */
export function blockOf(text: string, announced = text.length, rest = 0, link = 3): Payload[] {
  const chunks: Payload[] = [];
  const decoder = createDecoder(a7600, (event) => {
    if (event.kind === 'payload') chunks.push(event);
  });
  decoder.push(bytesOf(`\r\n+CIPRXGET: 2,${link},${announced},${rest}\r\n`));
  for (const char of text) decoder.push(bytesOf(char));
  return chunks;
}
