import type { ByteLink, LinkEnd } from '@a7600/transport';
import { firstValueFrom, lastValueFrom, type Observable } from 'rxjs';

/** Fails with what was expected. */
export function expect(holds: boolean, expected: string): asserts holds {
  if (!holds) throw new Error(`Expected that ${expected}.`);
}

/** Waits for an observable of nothing to complete. */
export function done(work: Observable<unknown>): Promise<unknown> {
  return lastValueFrom(work, { defaultValue: undefined });
}

/** The error that something fails with; fails itself when it does not. */
export async function failure(work: Observable<unknown>, what: string): Promise<Error & { code?: unknown }> {
  try {
    await done(work);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error(`Expected that ${what} fails with an Error.`);
}

/** What a subscriber of a link sees. */
export interface Listening {
  /** The bytes so far. */
  readonly bytes: () => Uint8Array;
  /** Resolves once that many bytes have come. */
  readonly count: (count: number) => Promise<Uint8Array>;
  /** Resolves when `received$` has ended: undefined, or with its error. */
  readonly end: Promise<Error | undefined>;
  unsubscribe(): void;
}

/** Subscribes to what a link receives. */
export function listen(link: ByteLink): Listening {
  const chunks: Uint8Array[] = [];
  const waiting = new Set<() => void>();
  let length = 0;
  const bytes = () => {
    const whole = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  };
  let unsubscribe = () => {};
  const end = new Promise<Error | undefined>((resolve) => {
    const subscription = link.received$.subscribe({
      next(chunk) {
        chunks.push(chunk);
        length += chunk.length;
        for (const check of waiting) check();
      },
      error: resolve,
      complete: () => resolve(undefined),
    });
    unsubscribe = () => subscription.unsubscribe();
  });
  return {
    bytes,
    end,
    unsubscribe: () => unsubscribe(),
    count: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (length < count) return;
          waiting.delete(check);
          resolve(bytes());
        };
        waiting.add(check);
        check();
      }),
  };
}

export function endOf(link: ByteLink): Promise<LinkEnd> {
  return firstValueFrom(link.ended$);
}

/** The same bytes every time, each of the 256 values among them in no simple order. */
export function sample(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Lets everything run that is due now. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
