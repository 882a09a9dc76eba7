import type { Cases } from './cases.js';
import { done, endOf, expect, failure, listen, sameBytes, sample } from './expect.js';

/** How links end, and what they say about it. */
export const ending: Cases = {
  'closing sends what was written before, then ends both ends': async (setting) => {
    const { link, far, release } = await setting.open();
    const heard = listen(far);
    link.write(sample(50_000)).subscribe();
    link.write(sample(100, 2)).subscribe();
    await done(link.close());
    const whole = await heard.count(50_100);
    expect(sameBytes(whole.subarray(50_000), sample(100, 2)), 'the far end gets all that was written');
    expect((await endOf(link)).by === 'local', 'the end is local');
    release();
  },

  'closing completes received$, for those who come later too': async (setting) => {
    const { link, release } = await setting.open();
    const heard = listen(link);
    await done(link.close());
    expect((await heard.end) === undefined, 'received$ completes');
    expect((await listen(link).end) === undefined, 'received$ stays complete');
    expect((await endOf(link)).by === 'local', 'ended$ replays');
    release();
  },

  'closing a closed link completes': async (setting) => {
    const { link, release } = await setting.open();
    await done(link.close());
    await done(link.close());
    release();
  },

  'writing to a closed link fails': async (setting) => {
    const { link, release } = await setting.open();
    await done(link.close());
    const error = await failure(link.write(sample(1)), 'a write to a closed link');
    expect(typeof error.code === 'string' && error.code !== '', 'the error has a code');
    release();
  },

  'the far end closing ends the link after what it sent': async (setting) => {
    const { link, far, release } = await setting.open();
    const heard = listen(link);
    await done(far.write(sample(5_000)));
    await heard.count(5_000);
    await done(far.close());
    const error = await heard.end;
    expect(sameBytes(heard.bytes(), sample(5_000)), 'everything is delivered before the end');
    const { by } = await endOf(link);
    if ((setting.farCloseIs ?? 'remote') === 'remote') {
      expect(by === 'remote' && error === undefined, 'the end is remote and received$ completes');
    } else {
      expect(by === 'lost' && error !== undefined, 'the link is lost and received$ errors');
    }
    release();
  },

  'when it breaks, received$ errors, the transport errors, and writing fails': async (setting) => {
    const opened = await setting.open();
    const { link, transport, release } = opened;
    const heard = listen(link);
    setting.sever?.(opened);
    const error = await heard.end;
    expect(error !== undefined, 'received$ errors');
    expect((await endOf(link)).by === 'lost', 'the end is a loss');
    await failure(link.write(sample(1)), 'a write to a lost link');
    await done(link.close());
    // A port reports the loss after it has been released, so that it can be opened again at once.
    expect(transport.error !== undefined, 'the transport errors');
    release();
  },

  'when it breaks, writes that are not taken yet fail': async (setting) => {
    const opened = await setting.open();
    const { link, release } = opened;
    listen(link);
    const chunks = 2 + Math.ceil((setting.capacity ?? 8 * 1024 * 1024) / 65_536);
    const writes = Array.from({ length: chunks }, () => done(link.write(sample(65_536))));
    const last = (writes.at(-1) as Promise<unknown>).then(
      () => undefined,
      (error: Error) => error,
    );
    for (const write of writes) write.catch(() => {});
    setting.sever?.(opened);
    expect((await last) !== undefined, 'a write that had no room fails');
    release();
  },
};
