import type { WriteData } from '@a7600/transport';
import { from } from 'rxjs';
import type { Cases } from './cases.js';
import { done, expect, failure, listen, sameBytes, sample } from './expect.js';

const TEXT = 'größer als 日本 €\0\r\n';

/** What `write` accepts apart from bytes, and how it refuses the rest. */
export const writtenData: Cases = {
  'writes a string as UTF-8': async (setting) => {
    const { link, far, release } = await setting.open();
    const heard = listen(far);
    const expected = new TextEncoder().encode(TEXT);
    await done(link.write(TEXT));
    expect(sameBytes(await heard.count(expected.length), expected), 'the far end gets UTF-8');
    await done(link.write(''));
    release();
  },

  'writes the chunks of a stream in order': async (setting) => {
    const { link, far, release } = await setting.open();
    const heard = listen(far);
    const chunks = ['a', sample(3_000), 'é', new Uint8Array(0), sample(5, 2)];
    const expected = [0x61, ...sample(3_000), 0xc3, 0xa9, ...sample(5, 2)];
    const streams: WriteData[] = [chunks, new Set(chunks), from(chunks), later(chunks)];
    for (const stream of streams) await done(link.write(stream));
    const whole = Uint8Array.from(streams.flatMap(() => expected));
    expect(sameBytes(await heard.count(whole.length), whole), 'the far end gets each stream whole');
    release();
  },

  'fails a write of anything else with INVALID_ARGUMENT, and goes on': async (setting) => {
    const { link, far, release } = await setting.open();
    const heard = listen(far);
    const wrong: unknown[] = [
      undefined,
      null,
      5,
      {},
      [1, 2],
      new ArrayBuffer(2),
      new Uint16Array(2),
      from([7]),
    ];
    for (const data of wrong) {
      const write$ = link.write(data as WriteData);
      const error = await failure(write$, 'a write of something that is no data');
      expect(error.code === 'INVALID_ARGUMENT', `the code is INVALID_ARGUMENT, not ${String(error.code)}`);
    }
    await done(link.write(sample(3)));
    expect(sameBytes(await heard.count(3), sample(3)), 'the next write arrives alone');
    release();
  },
};

async function* later<T>(values: readonly T[]): AsyncGenerator<T> {
  for (const value of values) {
    await null;
    yield value;
  }
}
