import type { Cases } from './cases.js';
import { done, expect, listen, sameBytes, sample, turn } from './expect.js';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** Bytes in both directions, and holding them back. */
export const transfer: Cases = {
  'carries every byte value both ways': async (setting) => {
    const { link, far, release } = await setting.open();
    const [here, there] = [listen(link), listen(far)];
    await Promise.all([done(link.write(EVERY_BYTE)), done(far.write(EVERY_BYTE))]);
    expect(sameBytes(await there.count(256), EVERY_BYTE), 'what is written arrives');
    expect(sameBytes(await here.count(256), EVERY_BYTE), 'what the other end writes is received');
    release();
  },

  'keeps writes of any size in order, both ways at once': async (setting) => {
    const { link, far, release } = await setting.open();
    const whole = sample(120_000);
    const chunks: Uint8Array[] = [];
    for (let at = 0, size = 1; at < whole.length; at += size, size = (size * 7) % 4_099) {
      chunks.push(whole.subarray(at, at + size));
    }
    const [here, there] = [listen(link), listen(far)];
    const writes = chunks.flatMap((chunk) => [done(link.write(chunk)), done(far.write(chunk))]);
    expect(sameBytes(await there.count(whole.length), whole), 'the far end gets all in order');
    expect(sameBytes(await here.count(whole.length), whole), 'this end gets all in order');
    await Promise.all(writes);
    release();
  },

  'an empty write completes': async (setting) => {
    const { link, release } = await setting.open();
    await done(link.write(new Uint8Array(0)));
    release();
  },

  'keeps what comes before the first subscriber': async (setting) => {
    const { link, far, release } = await setting.open();
    const written = done(far.write(sample(2_000)));
    await turn();
    const heard = listen(link);
    expect(sameBytes(await heard.count(2_000), sample(2_000)), 'early bytes are not lost');
    await written;
    release();
  },

  'keeps what comes between two subscribers': async (setting) => {
    const { link, far, release } = await setting.open();
    const first = listen(link);
    await done(far.write(sample(10)));
    await first.count(10);
    first.unsubscribe();
    const written = done(far.write(sample(10, 2)));
    await turn();
    const second = listen(link);
    expect(
      sameBytes(await second.count(10), sample(10, 2)),
      'the second one gets what the first one did not',
    );
    await written;
    release();
  },

  'gives two subscribers the same': async (setting) => {
    const { link, far, release } = await setting.open();
    const [one, other] = [listen(link), listen(link)];
    await done(far.write(sample(500)));
    expect(sameBytes(await one.count(500), await other.count(500)), 'both see the same bytes');
    release();
  },

  'delivers nothing while it is paused, and everything afterwards': async (setting) => {
    const { link, far, release } = await setting.open();
    const heard = listen(link);
    await done(far.write(sample(1)));
    await heard.count(1);
    link.pause();
    link.pause();
    const written = done(far.write(sample(3_000, 2)));
    await turn();
    await turn();
    expect(heard.bytes().length === 1, 'a paused link is silent');
    link.resume();
    expect(sameBytes((await heard.count(3_001)).subarray(1), sample(3_000, 2)), 'nothing is lost by a pause');
    await written;
    release();
  },

  'a far end that does not read holds the writer back, and nothing is lost': async (setting) => {
    const { link, far, release } = await setting.open();
    const chunk = sample(65_536);
    const chunks = 2 + Math.ceil((setting.capacity ?? 8 * 1024 * 1024) / chunk.length);
    let taken = 0;
    const writes = Array.from({ length: chunks }, () =>
      done(link.write(chunk)).then(() => {
        taken += 1;
      }),
    );
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(taken < chunks, 'a write is not taken without room for it');
    const heard = listen(far);
    const whole = await heard.count(chunks * chunk.length);
    expect(sameBytes(whole.subarray(-chunk.length), chunk), 'the last chunk arrives as it was written');
    await Promise.all(writes);
    release();
  },

  'a write that is cancelled at once does not disturb the others': async (setting) => {
    const { link, far, release } = await setting.open();
    const heard = listen(far);
    await done(link.write(sample(100)));
    link.write(new Uint8Array(0)).subscribe().unsubscribe();
    await done(link.write(sample(100, 2)));
    const whole = await heard.count(200);
    expect(sameBytes(whole.subarray(0, 100), sample(100)), 'the first write is whole');
    expect(sameBytes(whole.subarray(100), sample(100, 2)), 'the last write is whole');
    release();
  },
};
