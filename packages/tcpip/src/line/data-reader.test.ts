import { beforeEach, describe, expect, test } from 'vitest';
import { dataReaderRig } from '../../test/data-reader-rig.js';
import { bytesOf, textOf } from '../../test/world.js';

let seen: ReturnType<typeof dataReaderRig>;

beforeEach(() => {
  seen = dataReaderRig();
});

const receive = (text: string) => seen.reader.receive(bytesOf(text));

describe('data', () => {
  test('is delivered at once; what may begin a line of the module waits 50 ms for its rest', () => {
    receive('hello\r\nCLO');
    expect(seen.delivered).toBe('hello');
    seen.advance(49);
    expect(seen.delivered).toBe('hello');
    seen.advance(1);
    expect(seen.delivered).toBe('hello\r\nCLO');
    receive('SED\r\n');
    seen.advance(50);
    expect([seen.delivered, seen.calls]).toEqual(['hello\r\nCLOSED\r\n', []]);
  });

  test.each([
    ['closed', '\r\nCLOSED\r\n'],
    ['restarted', '\r\n*ATREADY: 1\r\n'],
    ['restarted', '\0\r\nRDY\r\n'],
    ['restarted', '\r\n+CPIN: READY\r\n'],
  ])('raises the doubt "%s" at %j, also byte by byte, and keeps what follows', (doubt, line) => {
    receive(`data${line}more`);
    expect([seen.delivered, seen.calls]).toEqual(['data', [doubt]]);
    seen.reader.trust();
    seen.delivered = '';
    for (const char of `data${line}`) receive(char);
    expect(seen.calls).toEqual([doubt, doubt]);
    expect('data\0').toContain(seen.delivered);
  });

  test('4,096 bytes from a doubtful line on may be the module, one more is data', () => {
    receive('\r\nCLOSED\r\n');
    receive('x'.repeat(4_096 - 10));
    expect(seen.calls).toEqual(['closed']);
    receive('x');
    expect(seen.calls).toEqual(['closed', 'trusted']);
  });

  test('an ERROR is doubtful only after a line that was written from here', () => {
    seen.ours = 'temperature 21\r';
    receive('temperature 20\r\r\nERROR\r\n');
    receive('\r\nERROR\r\n');
    expect(seen.calls).toEqual([]);
    receive('temperature 21\r\r\nERROR\r\n');
    expect(seen.calls).toEqual(['echoed']);
  });

  test('an ERROR is doubtful when nothing else has come since a line was written', () => {
    seen.reader.wrote(bytesOf('temperature'));
    receive('\r\nERROR\r\n');
    seen.reader.wrote(bytesOf(' 21\r'));
    receive('ok');
    receive('\r\nERROR\r\n');
    seen.advance(50);
    expect(seen.calls).toEqual([]);
    seen.reader.wrote(bytesOf('\r'));
    receive('\r\nERROR\r\n');
    expect(seen.calls).toEqual(['echoed']);
    expect(textOf([seen.reader.distrust()])).toBe('\r\nERROR\r\n');
    expect(seen.delivered).toBe('\r\nERROR\r\nok\r\nERROR\r\n');
  });

  test('an ERROR that comes byte by byte is one, too', () => {
    seen.reader.wrote(bytesOf('temperature 21\r'));
    for (const char of '\r\nERROR\r\n') receive(char);
    expect(seen.calls).toEqual(['echoed']);
  });

  test.each([
    [
      'after the whole line, whatever ends the one before',
      'hello\ntemperature 21\r\r\nERROR\r\n',
      ['echoed'],
    ],
    ['also one that CR ends', 'hello\rtemperature 21\r\r\nERROR\r\n', ['echoed']],
    ['not after a part of it', 'a temperature 21\r\r\nERROR\r\n', []],
    ['not without the CR that ends it', 'temperature 21\r\nERROR\r\n', []],
    ['not after an empty line', '\r\r\nERROR\r\n', []],
  ])('an ERROR after a line that was written from here is doubtful: %s', (_, text, expected) => {
    seen.ours = 'temperature 21\r';
    receive(text);
    expect(seen.calls).toEqual(expected);
  });

  test('an ERROR after other words of the peer is data, also in their chunk', () => {
    seen.reader.wrote(bytesOf('temperature 21\r'));
    receive('ok\r\nERROR\r\n');
    seen.advance(50);
    expect([seen.delivered, seen.calls]).toEqual(['ok\r\nERROR\r\n', []]);
  });

  test('the report of a next client is doubtful where one may come, and begins what is not data', () => {
    receive('\r\n+CLIENT: 0,0,10.0.0.1:50001\r\n');
    expect(seen.calls).toEqual([]);
    seen = dataReaderRig(true);
    const next = `\r\n+CLIENT: 0,0,10.0.0.1:50001\r\n\r\nCONNECT 115200\r\nbye\r\nCLOSED\r\n${'x'.repeat(5_000)}`;
    receive(`last${next}`);
    expect(seen.calls).toEqual(['closed']);
    seen.reader.replaced();
    expect(textOf([seen.reader.distrust()])).toBe(next);
    expect(seen.delivered).toBe('last');
  });

  test('NULs and ERROR many times over are data, and no endless work', () => {
    const text = `${'\0'.repeat(20)}\r\nERROR\r\n`.repeat(200);
    receive(text);
    seen.advance(50);
    expect(seen.delivered).toBe(text);
  });
});

describe('what a doubtful line begins', () => {
  test('is lines when the connection is gone and nothing else says so', () => {
    receive('data\r\n*ATREADY: 1\r\nmore');
    expect(textOf([seen.reader.distrust()])).toBe('\r\n*ATREADY: 1\r\nmore');
    expect(seen.delivered).toBe('data');
  });

  test('is data up to a CLOSED: the module that says that has not restarted', () => {
    receive('\r\n*ATREADY: 1\r\nbye\r\nCLOSED\r\n');
    expect(textOf([seen.reader.distrust()])).toBe('\r\nCLOSED\r\n');
    expect(seen.delivered).toBe('\r\n*ATREADY: 1\r\nbye');
  });

  test('is data once that was decided, and says nothing about what comes later', () => {
    receive('\r\nRDY\r\n');
    expect(textOf([seen.reader.trust()])).toBe('');
    seen.reader.withhold();
    receive('abc');
    expect(textOf([seen.reader.distrust()])).toBe('');
    expect(seen.delivered).toBe('\r\nRDY\r\nabc');
  });

  test.each([
    [65_536, 0],
    [65_537, 65_537],
  ])(
    'of %i bytes, %i are data: 64 KiB are kept, and data whose beginning went out is data to its end',
    (length, data) => {
      const line = '\r\nRDY\r\n';
      receive(line + 'x'.repeat(length - line.length));
      expect(textOf([seen.reader.distrust()])).toHaveLength(length - data);
      expect(seen.delivered).toHaveLength(data);
    },
  );
});

test('the beginning of a line goes on waiting for its rest when the module was asked for another reason', () => {
  receive('\r\nCLO');
  expect([textOf([seen.reader.trust()]), seen.delivered]).toEqual(['', '']);
  receive('SED\r\n');
  expect(seen.calls).toEqual(['closed']);
});

describe('the end', () => {
  test('delivers what waited for the rest of a line, once', () => {
    receive('a\r\nCLO');
    seen.reader.end();
    expect(seen.delivered).toBe('a\r\nCLO');
    seen.advance(100);
    expect(seen.delivered).toBe('a\r\nCLO');
  });

  test('drops what may be the answer to an escape', () => {
    seen.reader.awaitEscape();
    receive('a\r\nOK');
    seen.reader.end();
    seen.advance(100);
    expect(seen.delivered).toBe('a');
  });
});

test('what was kept when the connection ended without an answer is not delivered', () => {
  receive('data\r\n*ATREADY: 1\r\n');
  seen.reader.end();
  expect(seen.delivered).toBe('data');
});
