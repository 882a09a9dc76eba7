import { Observable } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { StreamWriter } from './stream-writer.js';

/** A writer on a stream that accepts when the test says so. */
function rig() {
  const written: string[] = [];
  const under: { accept: () => void; fail: (cause: unknown) => void }[] = [];
  const broken: { cause?: Error } = {};
  const writer = new StreamWriter(
    (bytes) => {
      if (broken.cause !== undefined) throw broken.cause;
      written.push(String.fromCharCode(...bytes.subarray(0, 20)));
      return new Promise<void>((accept, fail) => under.push({ accept, fail }));
    },
    (cause) => new Error('lost', { cause }),
  );
  const told: string[] = [];
  const write = (text: string, then = () => {}) =>
    new Observable<never>((subscriber) =>
      writer.send(
        Uint8Array.from(text, (char) => char.charCodeAt(0)),
        subscriber,
      ),
    ).subscribe({
      complete: () => {
        told.push(text.slice(0, 20));
        then();
      },
      error: (error: Error) => told.push(`${text}: ${error.message}`),
    });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    writer,
    written,
    told,
    write,
    broken,
    accept: async () => {
      under.shift()?.accept();
      await turn();
    },
    fail: async (cause: unknown) => {
      under.shift()?.fail(cause);
      await turn();
    },
  };
}

describe('writes to a web stream', () => {
  test('go out together, in order, while one is under way', async () => {
    const { write, written, told, accept } = rig();
    for (const text of ['a', 'b', 'c']) write(text);
    expect(written).toEqual(['a']);
    await accept();
    expect([written, told]).toEqual([['a', 'bc'], ['a']]);
    await accept();
    expect(told).toEqual(['a', 'b', 'c']);
    write('d');
    expect(written).toEqual(['a', 'bc', 'd']);
  });

  test('of those who are told come after those that wait', async () => {
    const { write, written, accept } = rig();
    write('a', () => write('d'));
    write('b');
    await accept();
    await accept();
    expect(written).toEqual(['a', 'b', 'd']);
  });

  test('are at most 16 KiB together; a larger one goes alone', async () => {
    const { write, written, accept } = rig();
    const sizes = [1, 16_384, 1, 16_385, 8_192, 8_192, 1];
    for (const size of sizes) write('x'.repeat(size));
    for (const _ of sizes) await accept();
    expect(written.map((text) => text.length)).toEqual([1, 20, 1, 20, 20, 1]);
  });

  test('all fail when the stream has failed, and none is left', async () => {
    const { write, told, fail, writer } = rig();
    for (const text of ['a', 'b']) write(text);
    const settled = writer.settled();
    await fail(new Error('gone'));
    expect(told).toEqual(['a: lost', 'b: lost']);
    await settled;
  });

  test('are settled when each is accepted, also those that came after the question', async () => {
    const { write, accept, writer } = rig();
    await writer.settled();
    let isSettled = false;
    write('a');
    write('b');
    void writer.settled().then(() => {
      isSettled = true;
    });
    await accept();
    expect(isSettled).toBe(false);
    await accept();
    expect(isSettled).toBe(true);
  });

  test('that throw fail like those that are refused, and what was accepted before them is not lost', async () => {
    const { write, told, accept, writer, broken } = rig();
    for (const text of ['a', 'b', 'c']) write(text);
    broken.cause = new Error('gone');
    const settled = writer.settled();
    await accept();
    expect(new Set(told)).toEqual(new Set(['a', 'b: lost', 'c: lost']));
    await settled;
    write('d');
    expect(told.at(-1)).toBe('d: lost');
    await writer.settled();
  });

  test('that their subscribers have left are not sent, unless they are under way', async () => {
    const { write, written, told, accept, writer } = rig();
    const [first, second, , last] = ['a', 'b', 'c', 'd'].map((text) => write(text));
    for (const left of [first, second, last]) left?.unsubscribe();
    await accept();
    expect([written, told]).toEqual([['a', 'c'], []]);
    await accept();
    expect(told).toEqual(['c']);
    write('e');
    write('f').unsubscribe();
    const settled = writer.settled();
    await accept();
    await settled;
    expect(written).toEqual(['a', 'c', 'e']);
  });

  test.each(['accept', 'fail'] as const)(
    'fail with the link, whatever the stream says afterwards: %s',
    async (answer) => {
      const { write, written, told, writer, ...stream } = rig();
      for (const text of ['a', 'b']) write(text);
      const before = writer.settled();
      writer.end(new Error('ended'));
      expect(told).toEqual(['a: ended', 'b: ended']);
      await Promise.all([before, writer.settled()]);
      await stream[answer](new Error('late'));
      write('c');
      expect([written, told.slice(2)]).toEqual([['a'], ['c: ended']]);
    },
  );
});
