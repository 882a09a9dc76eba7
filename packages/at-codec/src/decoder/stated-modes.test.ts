import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/decode.js';
import { a7600 } from '../a7600.js';
import { createDecoder } from './decoder.js';
import type { AtEvent } from './events.js';

/** A decoder and what it has emitted, as text or kind. */
function rig() {
  const events: AtEvent[] = [];
  const decoder = createDecoder(a7600, (event) => events.push(event));
  const told = () => events.map((event) => ('text' in event ? event.text : event.kind));
  return { decoder, told, print: (text: string) => decoder.push(bytesOf(text)) };
}

describe('a mode is stated, never guessed', () => {
  test('a > is no prompt unless one is awaited', () => {
    const { told, print } = rig();
    print('\r\n>');
    print(' x\r\n');
    expect(told()).toEqual(['> x']);
  });

  test('back to lines in the middle of a block, what follows is lines, and no bytes of it were lost', () => {
    const { decoder, told, print } = rig();
    print('\r\n+IPD9\r\nhello');
    decoder.lineMode();
    print('\r\nOK\r\n');
    expect(told()).toEqual(['+IPD9', 'payload', 'OK']);
  });

  test('back to lines where lines are decoded already, a block that ended is still checked', () => {
    const { decoder, told, print } = rig();
    print('\r\n+IPD7\r\nhello\r\n');
    decoder.lineMode();
    print('+CREG: 1\r\n');
    expect(told()).toEqual(['+IPD7', 'payload', 'overrun', '+CREG: 1']);
  });

  test('says how many of the last bytes are the beginning of a frame', () => {
    const { decoder, print } = rig();
    decoder.expectEcho(bytesOf('hello'));
    const states = ['he', 'llo', '\r\n+CREG', ': 1\r\n', '\r\n', '+IPD3\r\n', 'ab', 'c', 'OK\r', '\n'];
    const incomplete = states.map((text) => {
      print(text);
      return decoder.incomplete;
    });
    expect(incomplete).toEqual([2, 0, 7, 0, 2, 0, 0, 0, 3, 0]);
  });

  test('an echo is not expected in the middle of a frame', () => {
    const { decoder, told, print } = rig();
    print('\r\nab');
    decoder.expectEcho(bytesOf('cd'));
    print('cd\r\n');
    expect(told()).toEqual(['abcd']);
    print('cd');
    expect(told()).toEqual(['abcd', 'payload-echo']);
  });
});
