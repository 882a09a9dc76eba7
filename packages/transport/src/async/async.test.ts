import { EMPTY, lastValueFrom, NEVER, Observable, of, throwError } from 'rxjs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { ByteLink } from '../byte-link.js';
import { linkPair } from '../link-pair.js';
import { abortable } from './abortable.js';
import { iterate } from './iterate.js';
import { open } from './open.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('iterate', () => {
  test('gives what arrives, then ends with the link', async () => {
    const [link, far] = linkPair();
    far.write(bytes(1)).subscribe();
    far.write(bytes(2, 3)).subscribe();
    far.close().subscribe();
    const seen: number[] = [];
    for await (const chunk of iterate(link)) seen.push(...chunk);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('pauses the link while the loop is busy', async () => {
    const [link, far] = linkPair();
    const chunks = Array.from({ length: 20 }, () => new Uint8Array(10_000));
    let accepted = 0;
    for (const chunk of chunks) far.write(chunk).subscribe({ complete: () => (accepted += 1) });
    far.close().subscribe();
    let received = 0;
    for await (const chunk of iterate(link)) {
      received += chunk.length;
      expect(accepted * 10_000).toBeLessThanOrEqual(received + 70_000);
    }
    expect(received).toBe(200_000);
  });

  test('throws when the link is lost, after what came before', async () => {
    const [link, far] = linkPair();
    const loop = (async () => {
      const seen: number[] = [];
      try {
        for await (const chunk of iterate(link)) seen.push(...chunk);
      } catch (error) {
        return [seen, (error as Error).message];
      }
      return seen;
    })();
    far.write(bytes(1)).subscribe();
    far.lose(new Error('cut'));
    expect(await loop).toEqual([[1], 'cut']);
  });

  test('leaving the loop lets go of the link and keeps it open', async () => {
    const [link, far] = linkPair();
    far.write(bytes(1)).subscribe();
    for await (const _ of iterate(link)) break;
    const seen: number[] = [];
    far.write(bytes(2)).subscribe();
    link.received$.subscribe((chunk) => seen.push(...chunk));
    expect(seen).toEqual([2]);
  });
});

describe('open', () => {
  /** A transport over one end of a pair that notes whether it was released. */
  function transport() {
    const [link, far] = linkPair();
    const state = { released: false };
    const transport$ = new Observable<ByteLink>((subscriber) => {
      subscriber.next(link);
      return () => {
        state.released = true;
      };
    });
    return { transport$, far, state };
  }

  test('closes and releases at the end of the block', async () => {
    const { transport$, far, state } = transport();
    far.received$.subscribe();
    let ended = '';
    far.ended$.subscribe((end) => (ended = end.by));
    {
      await using link = await open(transport$);
      await lastValueFrom(link.write(bytes(1)), { defaultValue: undefined });
      expect([ended, state.released]).toEqual(['', false]);
    }
    expect([ended, state.released]).toEqual(['remote', true]);
  });

  test('opens anything that can be closed, by an observable or a promise', async () => {
    const log: string[] = [];
    class Server {
      readonly #name = 'echo';
      clients = 0;
      get name() {
        return this.#name;
      }
      async close(): Promise<void> {
        log.push(`close ${this.#name}`);
      }
    }
    const server$ = new Observable<Server>((subscriber) => {
      subscriber.next(new Server());
      return () => log.push('released');
    });
    {
      await using server = await open(server$);
      server.clients = 1;
      expect([server.name, server.clients, server instanceof Server]).toEqual(['echo', 1, true]);
    }
    expect(log).toEqual(['close echo', 'released']);
    expectTypeOf(open<Server>).returns.resolves.toExtend<Server & AsyncDisposable>();
  });

  test('a close that fails releases all the same', async () => {
    let released = 0;
    const broken$ = new Observable<{ close(): Observable<never> }>((subscriber) => {
      subscriber.next({ close: () => throwError(() => new Error('gone')) });
      return () => (released += 1);
    });
    const opened = await open(broken$);
    await opened[Symbol.asyncDispose]();
    expect(released).toBe(1);
  });

  test('rejects when it ends before it is open', async () => {
    await expect(open(EMPTY as Observable<ByteLink>)).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED' });
  });

  test('rejects with the reason of an abort', async () => {
    const controller = new AbortController();
    const opening = open(NEVER as Observable<ByteLink>, { signal: controller.signal });
    controller.abort(new Error('changed my mind'));
    await expect(opening).rejects.toMatchObject({
      code: 'ABORTED',
      message: 'Aborted: changed my mind.',
      cause: expect.objectContaining({ message: 'changed my mind' }),
    });
  });

  test('an abort after it is open releases it', async () => {
    const controller = new AbortController();
    const { transport$, state } = transport();
    await open(transport$, { signal: controller.signal });
    controller.abort();
    expect(state.released).toBe(true);
  });
});

describe('abortable', () => {
  test('does not subscribe when the signal is aborted already, and takes its listener away', () => {
    let subscribed = 0;
    const source$ = new Observable<number>((subscriber) => {
      subscribed += 1;
      subscriber.complete();
    });
    const codes: string[] = [];
    source$.pipe(abortable(AbortSignal.abort())).subscribe({ error: (error) => codes.push(error.code) });
    const listeners = new Set<unknown>();
    const signal = {
      aborted: false,
      addEventListener: (_: 'abort', listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: 'abort', listener: () => void) => void listeners.delete(listener),
    };
    source$.pipe(abortable(signal)).subscribe();
    expect([codes, subscribed, listeners.size]).toEqual([['ABORTED'], 1, 0]);
  });

  test('without a signal it is the source itself', () => {
    const source$ = of(1);
    expect(source$.pipe(abortable(undefined))).toBe(source$);
  });
});
