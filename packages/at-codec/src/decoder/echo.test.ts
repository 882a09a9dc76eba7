import { describe, expect, test } from 'vitest';
import { bytesOf, summary } from '../../test/decode.js';
import { decode, frames } from '../../test/tables.js';
import { a7600 } from '../a7600.js';
import { createDecoder, type Decoder } from './decoder.js';
import type { AtEvent } from './events.js';

/** A decoder and the events that it has emitted. */
function decoding() {
  const events: AtEvent[] = [];
  const decoder = createDecoder(a7600, (event) => events.push(event));
  return { decoder, seen: () => summary(events), push: (text: string) => decoder.push(bytesOf(text)) };
}

describe('the echo of a payload', () => {
  const echo = bytesOf('hello');

  test('expected in the middle of a line, it begins with the next one', () => {
    const { decoder, push, seen } = decoding();
    push('\r\nhel');
    decoder.expectEcho(echo);
    push('lo\r\nhello\r\nOK\r\n');
    expect(seen()).toEqual(['text hello', 'payload-echo hello', 'result OK']);
  });

  test('comes after lines that are no echo, also after one that begins like it', () => {
    expect(decode('help\r\nhello\r\nOK\r\n', { echo })).toEqual([
      'text help',
      'payload-echo hello',
      'result OK',
    ]);
    expect(decode('hel\r\nhello\r\nOK\r\n', { echo })).toEqual([
      'text hel',
      'payload-echo hello',
      'result OK',
    ]);
  });

  test('comes after a prompt, and after noise', () => {
    const { decoder, push, seen } = decoding();
    decoder.awaitPrompt(true);
    decoder.expectEcho(echo);
    push('\r\n>hello\r\nOK\r\n');
    expect(seen()).toEqual(['prompt', 'payload-echo hello', 'result OK']);
    expect(decode(`${'\r\n'.repeat(128)}hello\r\nOK\r\n`, { echo })).toEqual([
      `noise ${'\r\n'.repeat(128)}`,
      'payload-echo hello',
      'result OK',
    ]);
  });

  test('of a payload that begins with a space takes that space as its own', () => {
    const space = bytesOf(' hello');
    expect(decode('\r\n> hello\r\nOK\r\n', { prompt: true, echo: space })).toEqual([
      'prompt',
      'payload-echo  hello',
      'result OK',
    ]);
    expect(decode('\r\n>hello\r\nOK\r\n', { prompt: true, echo: space })).toEqual([
      'prompt',
      'text hello',
      'result OK',
    ]);
  });

  test('is emitted once', () => {
    expect(decode('hello\r\nhello\r\nOK\r\n', { echo })).toEqual([
      'payload-echo hello',
      'text hello',
      'result OK',
    ]);
  });

  test('an empty payload has none', () => {
    expect(decode('hello\r\nOK\r\n', { echo: new Uint8Array(0) })).toEqual(['text hello', 'result OK']);
  });

  test('codes about data mode do not end the wait, other results do', () => {
    expect(decode(`${frames('NO CARRIER')}hello\r\nOK\r\n`, { echo })).toEqual([
      'result NO CARRIER',
      'payload-echo hello',
      'result OK',
    ]);
    expect(decode(`${frames('ERROR')}hello\r\n`, { echo })).toEqual(['result ERROR', 'text hello']);
  });

  test('lineMode in the middle of it changes nothing', () => {
    const { decoder, push, seen } = decoding();
    decoder.expectEcho(echo);
    push('hel');
    decoder.lineMode();
    push('lo\r\nOK\r\n');
    expect(seen()).toEqual(['payload-echo hello', 'result OK']);
  });

  test('what had come when lineMode was called is noise if the stream ends, and lines if another echo is expected', () => {
    for (const next of [(decoder: Decoder) => decoder.end(), (decoder: Decoder) => decoder.dataMode()]) {
      const { decoder, push, seen } = decoding();
      decoder.expectEcho(echo);
      push('hel');
      decoder.lineMode();
      next(decoder);
      expect(seen()).toEqual(['noise hel']);
    }
    const { decoder, push, seen } = decoding();
    decoder.expectEcho(echo);
    push('hel');
    decoder.lineMode();
    decoder.expectEcho(undefined);
    push('p\r\n');
    expect(seen()).toEqual(['text help']);
  });

  test('an expectation alone leaves nothing at the end, and lines go on after the end of a partial one', () => {
    const { decoder, push, seen } = decoding();
    decoder.expectEcho(echo);
    decoder.end();
    expect(seen()).toEqual([]);
    push('hel');
    decoder.end();
    push('\r\nOK\r\n');
    expect(seen()).toEqual(['noise hel', 'result OK']);
  });

  test('an expectation changes neither data mode nor a block', () => {
    for (const expected of [echo, undefined]) {
      const { decoder, push, seen } = decoding();
      decoder.dataMode();
      decoder.expectEcho(expected);
      push('\r\nOK\r\n');
      decoder.lineMode();
      push('\r\n+IPD4\r\n\r\n');
      decoder.expectEcho(expected);
      push('OK\r\nOK\r\n');
      expect(seen()).toEqual(['data \r\nOK\r\n', 'urc +IPD4', 'payload \r\nOK', 'result OK']);
    }
  });

  test('a new expectation in the middle of it gives back what had come', () => {
    const { decoder, push, seen } = decoding();
    decoder.expectEcho(echo);
    push('hel');
    decoder.expectEcho(bytesOf('world'));
    push('p\r\nworld\r\nOK\r\n');
    expect(seen()).toEqual(['text help', 'payload-echo world', 'result OK']);
  });

  test('data mode in the middle of it makes noise of what had come', () => {
    const { decoder, push, seen } = decoding();
    decoder.expectEcho(echo);
    push('hel');
    decoder.dataMode();
    push('lo');
    expect(seen()).toEqual(['noise hel', 'data lo']);
  });
});
