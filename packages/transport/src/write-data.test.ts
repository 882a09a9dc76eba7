import { concat, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { linkPair } from './link-pair.js';
import { type WriteData, writing } from './write-data.js';

/** A `write` whose sends complete when the test says so. */
function slowWrite() {
  const sent: string[] = [];
  const sends: Subject<never>[] = [];
  const write = writing(
    (bytes) =>
      new Observable((subscriber) => {
        sent.push(new TextDecoder().decode(bytes));
        const send = new Subject<never>();
        sends.push(send);
        return send.subscribe(subscriber);
      }),
  );
  return {
    sent,
    write,
    accept: () => sends.shift()?.complete(),
    fail: () => sends.shift()?.error(new Error('no')),
  };
}

/** What a write came to. */
function outcome(write$: Observable<never>) {
  const seen: { result?: string; code?: unknown; message?: string } = {};
  const subscription = write$.subscribe({
    complete: () => (seen.result = 'complete'),
    error: (error: { code?: unknown; message: string }) =>
      Object.assign(seen, { result: 'error', code: error.code, message: error.message }),
  });
  return Object.assign(seen, { unsubscribe: () => subscription.unsubscribe() });
}

function* counted(asked: number[], count: number) {
  try {
    for (let at = 0; at < count; at++) {
      asked.push(at);
      yield String(at);
    }
  } finally {
    asked.push(-1);
  }
}

describe('a stream given to write', () => {
  test('is asked for a chunk when the one before is accepted', () => {
    const { write, sent, accept } = slowWrite();
    const asked: number[] = [];
    const seen = outcome(write(counted(asked, 3)));
    expect([asked, sent]).toEqual([[0], ['0']]);
    accept();
    expect([asked, sent]).toEqual([
      [0, 1],
      ['0', '1'],
    ]);
    accept();
    accept();
    expect([asked, seen.result]).toEqual([[0, 1, 2, -1], 'complete']);
  });

  test('is closed when the write is unsubscribed or fails', () => {
    for (const end of ['unsubscribe', 'fail'] as const) {
      const { write, fail } = slowWrite();
      const asked: number[] = [];
      const seen = outcome(write(counted(asked, 3)));
      if (end === 'fail') fail();
      else seen.unsubscribe();
      expect([asked, seen.result]).toEqual([[0, -1], end === 'fail' ? 'error' : undefined]);
    }
  });

  test('fails the write with its own error', () => {
    const broken = new Error('the file is gone');
    const { write, accept } = slowWrite();
    const seen = outcome(
      write(
        concat(
          of('a'),
          throwError(() => broken),
        ),
      ),
    );
    accept();
    expect(seen).toMatchObject({ result: 'error', message: broken.message });
    const thrown = outcome(
      write({
        [Symbol.iterator]: () => ({
          next: () => {
            throw broken;
          },
        }),
      }),
    );
    expect(thrown).toMatchObject({ result: 'error', message: broken.message });
  });

  test('of many chunks that are accepted at once does not nest', () => {
    let count = 0;
    const write = writing(() => {
      count += 1;
      return new Observable((subscriber) => subscriber.complete());
    });
    const seen = outcome(write(Array.from({ length: 100_000 }, () => 'x')));
    expect([count, seen.result]).toEqual([100_000, 'complete']);
  });

  test('that never ends keeps its write open', () => {
    const { write } = slowWrite();
    expect(outcome(write(NEVER)).result).toBeUndefined();
  });
});

describe('an argument that cannot be written', () => {
  const wrong: [unknown, RegExp][] = [
    [undefined, /write\(\) needs bytes .* not undefined\./],
    [null, /not null\./],
    [42, /not a number\./],
    [{ secret: 1 }, /not an object\./],
    [new Date(0), /not a Date\./],
    [new ArrayBuffer(4), /not a ArrayBuffer\. Wrap it in a Uint8Array\./],
    [new Uint16Array(1), /not a Uint16Array\. Wrap it in a Uint8Array\./],
    [[1, 2], /The stream given to write\(\) needs .* not a number\./],
    [Object.create(null), /not an object\./],
  ];
  test.each(wrong)('%o fails its write and says what was expected', (data, message) => {
    const [link] = linkPair();
    const write$ = link.write(data as WriteData);
    const seen = outcome(write$);
    expect(seen).toMatchObject({ result: 'error', code: 'INVALID_ARGUMENT' });
    expect(seen.message).toMatch(message);
  });
});
