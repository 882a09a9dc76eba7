import type { Cases } from './cases.js';
import { done, endOf, expect, listen, sameBytes, sample } from './expect.js';

/** Opening and releasing, in every order. */
export const opening: Cases = {
  'opens, and is released by unsubscribing': async (setting) => {
    const { link, far, release } = await setting.open();
    const heard = listen(far);
    await done(link.write(sample(10)));
    await heard.count(10);
    release();
    expect((await endOf(link)).by === 'local', 'a released link has ended locally');
  },

  'unsubscribed while it opens, releases everything': async (setting) => {
    await setting.abandon();
  },

  'opens again after it was closed': async (setting) => {
    for (let time = 0; time < 3; time++) {
      const { link, far, release } = await setting.open();
      const heard = listen(far);
      await done(link.write(sample(100, time + 1)));
      expect(sameBytes(await heard.count(100), sample(100, time + 1)), 'each opening is a fresh link');
      await done(link.close());
      release();
    }
  },

  'completes its transport when it was closed from this side': async (setting) => {
    const { link, transport } = await setting.open();
    await done(link.close());
    expect(transport.completed && transport.error === undefined, 'the transport completes');
  },
};
