import { expect, test } from 'vitest';
import { KeyWriter, Outdated } from './key-writer.js';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A server that stores a value when it is told to, and loses its confirmation when it is told to. */
function server() {
  let revision = 0;
  let value = '';
  const waiting: (() => void)[] = [];
  const store = (data: Uint8Array, after: number | undefined) => {
    if (after !== undefined && after !== revision) throw new Outdated(revision);
    revision += 1;
    value = new TextDecoder().decode(data);
    return revision;
  };
  const writer = new KeyWriter((_, data, after) => {
    const path = paths.shift() ?? 'arrives';
    if (path === 'arrives') return new Promise((resolve) => resolve(store(data, after)));
    const arrive = () => {
      try {
        return store(data, after);
      } catch {
        return 0;
      }
    };
    if (path === 'unconfirmed') arrive();
    else waiting.push(arrive);
    return Promise.reject(new Error('It was not answered in time.'));
  });
  const paths: ('arrives' | 'unconfirmed' | 'late')[] = [];
  return {
    paths,
    writer,
    arriveLate: () => {
      for (const arrive of waiting.splice(0)) arrive();
    },
    value: () => value,
  };
}

test('a value of a former connection that arrives late does not replace a later one', async () => {
  const { paths, writer, arriveLate, value } = server();
  await writer.put('key', bytes('first'));
  paths.push('late');
  await expect(writer.put('key', bytes('second'))).rejects.toThrow('in time');
  expect(await writer.put('key', bytes('third'))).toBe(2);
  arriveLate();
  expect(value()).toBe('third');
});

test('a value whose confirmation was lost is followed by the next one', async () => {
  const { paths, writer, value } = server();
  await writer.put('key', bytes('first'));
  paths.push('unconfirmed');
  await expect(writer.put('key', bytes('second'))).rejects.toThrow('in time');
  expect(await writer.put('key', bytes('third'))).toBe(3);
  expect(value()).toBe('third');
});

test('values that are under way at a time are sent at once, and stay in their order', async () => {
  const { writer, value } = server();
  await writer.put('key', bytes('first'));
  const revisions = await Promise.all(['a', 'b', 'c'].map((text) => writer.put('key', bytes(text))));
  expect(revisions).toEqual([2, 3, 4]);
  expect(value()).toBe('c');
});

test('one that is outdated while a later one is under way gives up', async () => {
  const answers: ((error: Error) => void)[] = [];
  const sent: string[] = [];
  const writer = new KeyWriter((_, data) => {
    sent.push(new TextDecoder().decode(data));
    return new Promise((_resolve, reject) => answers.push(reject));
  });
  const first = writer.put('key', bytes('first'));
  const second = writer.put('key', bytes('second'));
  answers[0]?.(new Outdated(7));
  await expect(first).rejects.toBeInstanceOf(Outdated);
  answers[1]?.(new Error('away'));
  await expect(second).rejects.toThrow('away');
  expect(sent).toEqual(['first', 'second']);
});
