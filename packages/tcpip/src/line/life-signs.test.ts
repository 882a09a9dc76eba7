import { beforeEach, describe, expect, test } from 'vitest';
import { type VirtualTime, virtualTime } from '../../../testing/test/virtual-time.js';
import { bytesOf } from '../../test/world.js';
import { LifeSigns } from './life-signs.js';

const INTERVAL = 1_000;

let scheduler: VirtualTime['scheduler'];
let advance: VirtualTime['advance'];
let silentAt: number[];
let canAsk: boolean;
let signs: LifeSigns;

const create = (interval: number | undefined) =>
  new LifeSigns(
    scheduler,
    interval,
    () => silentAt.push(scheduler.now()),
    () => canAsk,
  );

beforeEach(() => {
  ({ scheduler, advance } = virtualTime());
  silentAt = [];
  canAsk = true;
  signs = create(INTERVAL);
});

describe('data mode', () => {
  test('without a sign for the interval is doubted once', () => {
    signs.start();
    advance(10 * INTERVAL);
    expect(silentAt).toEqual([INTERVAL]);
  });

  test('is confirmed by what only the peer can have sent, from when that came', () => {
    signs.start();
    advance(400);
    signs.heard(bytesOf('hello'));
    advance(10 * INTERVAL);
    expect(silentAt).toEqual([400 + INTERVAL]);
  });

  test('is confirmed by a first line, as long as its beginning is kept', () => {
    signs.start();
    signs.heard(bytesOf('hello\r\n'));
    advance(INTERVAL);
    expect(silentAt).toEqual([]);
  });

  test('is not confirmed by many lines of the module, of which the first that is kept has no beginning', () => {
    signs.start();
    signs.heard(bytesOf('\r\n+CREG: 1\r\n'.repeat(100)));
    advance(INTERVAL);
    expect(silentAt).toEqual([INTERVAL]);
  });

  test('is confirmed again and again', () => {
    signs.start();
    for (let times = 0; times < 10; times++) {
      advance(INTERVAL - 200);
      signs.heard(bytesOf('x'));
    }
    expect(silentAt).toEqual([]);
    advance(INTERVAL);
    expect(silentAt).toEqual([10 * (INTERVAL - 200) + INTERVAL]);
  });

  test('is confirmed by bytes of the moment before it begins to be watched only once', () => {
    signs.heard(bytesOf('old'));
    advance(500);
    signs.start();
    advance(10 * INTERVAL);
    expect(silentAt).toEqual([500 + INTERVAL]);
  });

  test.each([
    ['our own payload, echoed', 'temperature 21\r'],
    ['a part of it', 'ature'],
    ['ERROR', '\r\nERROR\r\n'],
    ['both', 'temperature 21\r\r\nERROR\r\n'],
  ])('is not confirmed by what a module in command mode may print: %s', (_, text) => {
    signs.start();
    signs.wrote(bytesOf('temperature 21\r'));
    signs.heard(bytesOf(text));
    advance(10 * INTERVAL);
    expect(silentAt).toEqual([INTERVAL]);
  });

  test.each([
    ['OK', 'x\r', '\r\nOK\r\n'],
    ['an answer to a command among the payload', 'AT+CSQ\r', '\r\n+CSQ: 17,0\r\n\r\nOK\r\n'],
    ['the same with its echo', 'AT+CSQ\r', 'AT+CSQ\r\r\n+CSQ: 17,0\r\n\r\nOK\r\n'],
    ['an answer without a name', 'at+cgsn\r', '\r\n861234567890123\r\n\r\nOK\r\n'],
    ['a reason', 'AT+CPIN?\r', '\r\n+CME ERROR: SIM not inserted\r\n'],
    ['URCs, known and not', 'x', '\r\n+CREG: 1\r\n\r\nSMS DONE\r\n\r\n^FOO: 1\r\n\r\nNO CARRIER\r\n'],
    ['a block', 'AT+CIPRXGET=2,1\r', '\r\n+CIPRXGET: 2,1,5,0\r\nhello\r\nOK\r\n'],
    ['line ends alone', 'x', '\r\n\r\n'],
  ])('is not confirmed by %s, which the module prints itself', (_, written, text) => {
    signs.start();
    signs.wrote(bytesOf(written));
    signs.heard(bytesOf(text));
    advance(10 * INTERVAL);
    expect(silentAt).toEqual([INTERVAL]);
  });

  test('is not confirmed by the rest of a long answer', () => {
    signs.start();
    signs.wrote(bytesOf('AT+CLAC\r'));
    signs.heard(bytesOf(`${'\r\n+CABC: 12345\r\n'.repeat(200)}\r\nOK\r\n`));
    advance(10 * INTERVAL);
    expect(silentAt).toEqual([INTERVAL]);
  });

  test.each([
    ['what follows an answer', 'AT\r', '\r\nOK\r\nhello'],
    ['text between lines of the module', 'x', '\r\n+CREG: 1\r\n\r\nhello\r\n\r\nOK\r\n'],
    ['much that has no line ends', 'x', 'y'.repeat(5_000)],
    ['bytes that are no text', 'x', '\x00\x80\xff\x01'],
  ])('is confirmed by %s', (_, written, text) => {
    signs.start();
    advance(100);
    signs.wrote(bytesOf(written));
    signs.heard(bytesOf(text));
    advance(INTERVAL - 1);
    expect(silentAt).toEqual([]);
  });

  test.each(['temperature 22\r', '\r\nERROR\r\nx', 'OK'])('is confirmed by other text: %j', (text) => {
    signs.start();
    advance(100);
    signs.wrote(bytesOf('temperature 21\r'));
    signs.heard(bytesOf(text));
    advance(INTERVAL - 1);
    expect(silentAt).toEqual([]);
  });

  test('is not doubted while the module could not be asked, and looked at again later', () => {
    canAsk = false;
    signs.start();
    advance(3 * INTERVAL);
    expect(silentAt).toEqual([]);
    canAsk = true;
    advance(INTERVAL);
    expect(silentAt).toEqual([4 * INTERVAL]);
  });

  test('is not doubted after it has ended, nor where the caller did not ask for that', () => {
    signs.start();
    advance(INTERVAL - 1);
    signs.stop();
    create(undefined).start();
    advance(10 * INTERVAL);
    expect(silentAt).toEqual([]);
    expect(scheduler.actions).toEqual([]);
  });

  test('that begins again is watched from then on', () => {
    signs.start();
    advance(INTERVAL - 1);
    signs.start();
    advance(INTERVAL - 1);
    expect(silentAt).toEqual([]);
    advance(1);
    expect(silentAt).toEqual([2 * INTERVAL - 1]);
  });
});

test('of what was written, the last 4,096 bytes are remembered', () => {
  expect(signs.isOurs(bytesOf('first'))).toBe(false);
  signs.wrote(bytesOf('first'));
  signs.wrote(bytesOf('x'.repeat(4_091)));
  expect(signs.isOurs(bytesOf('first'))).toBe(true);
  signs.wrote(bytesOf('y'));
  expect(signs.isOurs(bytesOf('first'))).toBe(false);
  expect(signs.isOurs(bytesOf('irstx'))).toBe(true);
});

test('of more than that, written at once, the end is remembered', () => {
  signs.wrote(bytesOf(`first${'x'.repeat(4_090)}last`));
  expect(['first', 'irst', 'last'].map((text) => signs.isOurs(bytesOf(text)))).toEqual([false, false, true]);
  signs.wrote(bytesOf(`first${'x'.repeat(4_091)}`));
  expect(signs.isOurs(bytesOf('first'))).toBe(true);
  const last = bytesOf('y'.repeat(4_096));
  signs.wrote(last);
  last.fill(0);
  expect(['x', 'yy'].map((text) => signs.isOurs(bytesOf(text)))).toEqual([false, true]);
});

test('what was written stays as it is, also in a Buffer', () => {
  const all = [Buffer.alloc(4_096, 'a'), Buffer.alloc(8_192, 'b'), Buffer.alloc(4_096, 'c')];
  for (const bytes of all) signs.wrote(bytes);
  expect(all.map((bytes) => bytes.toString('latin1'))).toEqual([
    'a'.repeat(4_096),
    'b'.repeat(8_192),
    'c'.repeat(4_096),
  ]);
});
