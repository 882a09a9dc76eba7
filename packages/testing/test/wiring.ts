import {
  type ByteLink,
  linkPair,
  type PairEnd,
  type Transport,
  TransportError,
  tapLink,
} from '@a7600/transport';
import { Observable, Subscription } from 'rxjs';
import type { LinkUnderTest, Setting } from '../src/compliance/index.js';

/** A transport under test and the far end of the link that it opens next. */
export interface Wiring {
  readonly transport: Transport;
  readonly far: () => ByteLink | Promise<ByteLink>;
  readonly cleanUp?: () => void;
}

/** A setting of wirings that are made afresh for each opening. */
export function setting(
  wire: () => Wiring | Promise<Wiring>,
  more: Omit<Setting, 'open' | 'abandon' | 'cleanUp'> = {},
): Setting {
  let open = new Subscription();
  return {
    ...more,
    async open() {
      const { transport, far, cleanUp } = await wire();
      const state: { completed: boolean; error: Error | undefined } = { completed: false, error: undefined };
      const opened = new Subscription();
      open.add(opened);
      const link = await new Promise<ByteLink>((resolve, reject) => {
        const subscription = transport.subscribe({
          next: resolve,
          complete: () => {
            state.completed = true;
          },
          error: (error: Error) => {
            state.error = error;
            reject(error);
          },
        });
        opened.add(subscription);
        open.add(cleanUp);
      });
      const release = () => opened.unsubscribe();
      return { link, far: await far(), transport: state, release } satisfies LinkUnderTest;
    },
    async abandon() {
      const { transport, cleanUp } = await wire();
      transport.subscribe().unsubscribe();
      open.add(cleanUp);
    },
    cleanUp() {
      open.unsubscribe();
      open = new Subscription();
    },
  };
}

/** A transport over an end of a pair that is there already: released by closing it. */
export function over(end: ByteLink): Transport {
  return new Observable((subscriber) => {
    end.ended$.subscribe((reason) => {
      if (reason.by === 'lost') subscriber.error(reason.error);
      else subscriber.complete();
    });
    subscriber.next(end);
    return () => end.close().subscribe({ error: () => {} });
  });
}

export const severPair = ({ far }: LinkUnderTest) =>
  (far as PairEnd).lose(new TransportError('TRANSPORT_LOST', 'The pair was cut.'));

/**
 * A transport whose far end is no link, but a device that speaks for itself: the far end hears what
 * the host sends, and what is written to it goes nowhere.
 */
export function heardBy(device: Transport): Wiring {
  const [heard, far] = linkPair();
  heard.received$.subscribe();
  const written = (bytes: Uint8Array) => heard.write(bytes).subscribe({ error: () => {} });
  return { transport: device.pipe(tapLink<ByteLink>({ written })), far: () => far };
}
