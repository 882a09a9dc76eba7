import { beforeEach, describe, expect, test } from 'vitest';
import { dataReaderRig } from '../../test/data-reader-rig.js';
import { bytesOf, textOf } from '../../test/world.js';

const NUMBERS = [3_111, 4_222, 5_333] as const;
const PROOF = '\r\n+CIPTIMEOUT: 3111,4222,5333\r\n\r\nOK\r\n';

let seen: ReturnType<typeof dataReaderRig>;

beforeEach(() => {
  seen = dataReaderRig();
});

const receive = (text: string) => seen.reader.receive(bytesOf(text));

describe('the question', () => {
  beforeEach(() => {
    seen.reader.withhold();
    seen.reader.awaitEscape();
  });

  test('is answered once', () => {
    seen.reader.awaitAnswer(NUMBERS, true);
    receive(PROOF);
    receive('\r\n+CIPRXGET: 1,3\r\n');
    expect(seen.calls).toEqual(['proven']);
    receive('x'.repeat(70_000));
    expect(seen.delivered).toBe('');
    expect(textOf([seen.reader.trust()]).trim()).toBe(`+CIPRXGET: 1,3\r\n${'x'.repeat(70_000)}`);
  });

  test('is not answered by what came before it, also where that is kept', () => {
    receive(PROOF);
    seen.reader.awaitAnswer(NUMBERS, true);
    receive('x');
    expect(seen.calls).toEqual([]);
  });

  test('may be asked again in the middle of its answer', () => {
    seen.reader.awaitAnswer(NUMBERS, true);
    receive(PROOF.slice(0, 20));
    seen.reader.awaitAnswer(NUMBERS, false);
    receive(PROOF.slice(20));
    expect(seen.calls).toEqual(['proven']);
  });

  test('ends the data where it was asked first, when nothing answered the escape', () => {
    receive('tail');
    seen.reader.awaitAnswer(NUMBERS, true);
    receive('\r\n+CREG: 1\r\n');
    seen.reader.awaitAnswer(NUMBERS, false);
    receive(PROOF);
    expect(textOf([seen.reader.trust()]).trim()).toBe('+CREG: 1');
    expect(seen.delivered).toBe('tail');
  });

  test('keeps its place when the oldest bytes go on as data', () => {
    const old = `${'x'.repeat(1_000)}\r\n+CIPTIMEOUT: 1,2,3\r\n\r\nOK\r\n${'a'.repeat(64_000)}`;
    receive(old);
    seen.reader.awaitAnswer(NUMBERS, true);
    receive('b'.repeat(1_200));
    expect(seen.delivered).toHaveLength(old.length + 1_200 - 65_536);
    receive('\r\nERROR\r\n');
    receive(PROOF);
    expect(seen.calls).toEqual(['error', 'proven']);
  });

  test('is found after many bytes of data', () => {
    receive('a'.repeat(65_000));
    seen.reader.awaitAnswer(NUMBERS, true);
    receive('b'.repeat(10_000));
    receive(PROOF);
    expect(seen.calls).toEqual(['proven']);
    expect(textOf([seen.reader.trust()]).trim()).toBe('b'.repeat(10_000));
    expect(seen.delivered).toBe('a'.repeat(65_000));
  });
});

describe('an escape', () => {
  beforeEach(() => seen.reader.awaitEscape());

  test('is answered by an OK that may come in two chunks, a pause between them', () => {
    receive('x\r\nO');
    seen.advance(100);
    receive('K\r\n');
    expect(seen.delivered).toBe('x');
  });

  test('shows the OK of a peer as data as soon as another one comes', () => {
    receive('a\r\nOK\r\nb\r\nOK\r\n');
    expect(seen.delivered).toBe('a\r\nOK\r\nb');
    receive('c\r\nOK\r\n');
    expect(seen.delivered).toBe('a\r\nOK\r\nb\r\nOK\r\nc');
  });

  test.each([
    ['bye\r\nCLOSED\r\n\r\nOK\r\n', 'bye', ['closed']],
    ['bye\r\nOK\r\n\r\nCLOSED\r\n', 'bye', ['closed']],
  ])('keeps a CLOSED on either side of its OK: %j', (text, data, doubts) => {
    receive(text);
    expect([seen.delivered, seen.calls]).toEqual([data, doubts]);
  });

  test('sees a CLOSED that comes after its OK', () => {
    receive('a\r\nOK\r\n');
    receive('\r\nCLOSED\r\n');
    expect([seen.delivered, seen.calls]).toEqual(['a', ['closed']]);
  });

  test('is taken out of the lines when it was one, and the connection is gone', () => {
    receive('a\r\nOK\r\n\r\nRDY\r\n');
    seen.reader.awaitAnswer(NUMBERS, true);
    receive(PROOF);
    expect(textOf([seen.reader.distrust()]).trim()).toBe('RDY');
    expect(seen.delivered).toBe('a');
  });

  test('is over once it is decided: an OK is data like any other', () => {
    seen.reader.awaitAnswer(NUMBERS, true);
    receive(PROOF);
    seen.reader.trust();
    receive('\r\nOK\r\n');
    seen.advance(50);
    expect(seen.delivered).toBe('\r\nOK\r\n');
  });

  test('is not given up because much arrives', () => {
    receive(`\r\nCLOSED\r\n${'x'.repeat(5_000)}`);
    expect(seen.calls).toEqual(['closed']);
  });

  test('is proved by the right numbers and the OK after them, wherever the chunks are cut', () => {
    receive('last words\r\nOK\r\n');
    expect(seen.delivered).toBe('last words');
    seen.reader.awaitAnswer(NUMBERS, true);
    for (const char of PROOF.slice(0, -1)) receive(char);
    expect(seen.calls).toEqual([]);
    receive(`${PROOF.slice(-1)}\r\n+CIPRXGET: 1,3\r\n`);
    expect(seen.calls).toEqual(['proven']);
    expect(textOf([seen.reader.trust()])).toContain('+CIPRXGET: 1,3');
    expect(seen.delivered).toBe('last words');
  });

  test('a client that was announced before the proof is gone with its connection: its lines and bytes are none', () => {
    const gone = '\r\n+CLIENT: 0,0,10.0.0.1:50001\r\n\r\nCONNECT 115200\r\nits words\r\n+IPCLOSE: 3,1\r\n';
    seen.reader.awaitAnswer(NUMBERS, true);
    receive(`last\r\nCLOSED\r\n\r\n+CIPRXGET: 1,2\r\n${gone}\r\nERROR\r\n${PROOF}\r\n+CIPRXGET: 1,3\r\n`);
    expect(seen.calls).toContain('proven');
    expect(textOf([seen.reader.distrust()])).toBe(
      '\r\nCLOSED\r\n\r\n+CIPRXGET: 1,2\r\n\r\n+CIPRXGET: 1,3\r\n',
    );
    expect(seen.delivered).toBe('last');
  });

  test('is not proved by an OK alone, by other numbers, or by numbers before the question', () => {
    receive(PROOF);
    seen.reader.awaitAnswer(NUMBERS, true);
    receive('\r\nOK\r\n');
    receive('\r\n+CIPTIMEOUT: 3111,4222,5334\r\n\r\nOK\r\n');
    receive('\r\nERROR\r\n');
    expect(seen.calls).toEqual(['contradiction', 'error']);
  });

  test('the OK of a peer before that of the module is data', () => {
    receive('a\r\nOK\r\nb');
    receive('\r\nOK\r\n');
    seen.reader.awaitAnswer(NUMBERS, true);
    receive(PROOF);
    expect(textOf([seen.reader.trust()]).trim()).toBe('');
    expect(seen.delivered).toBe('a\r\nOK\r\nb');
  });

  test("a peer's last words before CLOSED are data, the module's lines after it are not", () => {
    receive('bye\r\nOK\r\n\r\n*ATREADY: 1\r\n\r\nCLOSED\r\n\r\n+IPCLOSE: 0,1\r\n');
    seen.reader.awaitAnswer(NUMBERS, true);
    receive(`\r\nERROR\r\n${PROOF}`);
    expect(seen.calls).toEqual(['restarted', 'error', 'proven']);
    const lines = textOf([seen.reader.distrust()]);
    expect(lines).toContain('+IPCLOSE: 0,1');
    expect(lines).not.toContain('*ATREADY');
    expect(seen.delivered).toBe('bye\r\nOK\r\n\r\n*ATREADY: 1\r\n');
  });

  test.each([
    ['with one character wrong', '\r\n+CIPTIMEOUT* 3111,4222,5333\r\n\r\nOK\r\n'],
    ['with one digit wrong', '\r\n+CIPTIMEOUT: 3111,4922,5333\r\n\r\nOK\r\n'],
    ['of which only OK arrived', '\r\nOK\r\n'],
  ])('an answer %s, and the OK of the escape before it, are not data', (_, answer) => {
    receive('last\r\nOK\r\n');
    seen.reader.awaitAnswer(NUMBERS, true);
    receive(answer);
    seen.reader.awaitAnswer(NUMBERS, false);
    receive(`\r\n+CREG: 1\r\n${PROOF}`);
    expect(textOf([seen.reader.trust()]).trim()).toBe('+CREG: 1');
    expect(seen.delivered).toBe('last');
  });

  test('a line that holds one of the numbers is data until the OK of the escape', () => {
    seen.reader.awaitAnswer(NUMBERS, true);
    receive('last\r\n3111 is it\r\n more\r\nOK\r\n');
    seen.reader.awaitAnswer(NUMBERS, false);
    receive(PROOF);
    seen.reader.trust();
    expect(seen.delivered).toBe('last\r\n3111 is it\r\n more');
  });

  test('an end is known by any report of it, where the OK of the escape and CLOSED are lost', () => {
    seen.reader.withhold();
    receive('last\r\n+IPCLOSE: 0,1\r\n');
    seen.reader.awaitAnswer(NUMBERS, true);
    receive(PROOF);
    expect(textOf([seen.reader.distrust()]).trim()).toBe('+IPCLOSE: 0,1');
    expect(seen.delivered).toBe('last');
  });

  test('keeps 64 KiB at most', () => {
    seen.reader.awaitAnswer(NUMBERS, true);
    receive('x'.repeat(65_536));
    expect(seen.delivered).toBe('');
    receive('yz');
    expect(seen.delivered).toBe('xx');
  });
});

test('of several OK after the escape the last one ends the data, unless a line that tells the end comes before it', () => {
  seen.reader.awaitEscape();
  receive('a\r\nOK\r\nb\r\nCLOSED\r\n\r\nOK\r\n');
  expect([seen.delivered, seen.calls]).toEqual(['a\r\nOK\r\nb', ['closed']]);
});
