import { VirtualTimeScheduler } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { bytesOf, textOf } from '../../test/world.js';
import { DataReader } from './data-reader.js';

const NUMBERS = [3_111, 4_222, 5_333] as const;
const PROOF = '\r\n+CIPTIMEOUT: 3111,4222,5333\r\n\r\nOK\r\n';

let scheduler: VirtualTimeScheduler;
let reader: DataReader;
let delivered: string;
let calls: string[];
let ours: string;

beforeEach(() => {
  scheduler = new VirtualTimeScheduler(undefined, 0);
  delivered = '';
  calls = [];
  ours = '';
  reader = new DataReader(scheduler, false, {
    deliver: (bytes) => {
      delivered += textOf([bytes]);
    },
    wrote: (line) => ours.includes(textOf([line])),
    doubtful: (doubt) => calls.push(doubt),
    trusted: () => calls.push('trusted'),
    proven: () => calls.push('proven'),
    answered: (contradicts) => calls.push(contradicts ? 'contradiction' : 'error'),
  });
});

const receive = (text: string) => reader.receive(bytesOf(text));
const advance = (ms: number) => {
  scheduler.maxFrames = scheduler.frame + ms;
  scheduler.flush();
  scheduler.frame = scheduler.maxFrames;
};

describe('data', () => {
  test('is delivered at once; what may begin a line of the module waits 50 ms for its rest', () => {
    receive('hello\r\nCLO');
    expect(delivered).toBe('hello');
    advance(49);
    expect(delivered).toBe('hello');
    advance(1);
    expect(delivered).toBe('hello\r\nCLO');
    receive('SED\r\n');
    advance(50);
    expect([delivered, calls]).toEqual(['hello\r\nCLOSED\r\n', []]);
  });

  test.each([
    ['closed', '\r\nCLOSED\r\n'],
    ['restarted', '\r\n*ATREADY: 1\r\n'],
    ['restarted', '\0\r\nRDY\r\n'],
    ['restarted', '\r\n+CPIN: READY\r\n'],
  ])('raises the doubt "%s" at %j, also byte by byte, and keeps what follows', (doubt, line) => {
    receive(`data${line}more`);
    expect([delivered, calls]).toEqual(['data', [doubt]]);
    reader.trust();
    delivered = '';
    for (const char of `data${line}`) receive(char);
    expect(calls).toEqual([doubt, doubt]);
    expect('data\0').toContain(delivered);
  });

  test('4,096 bytes from a doubtful line on may be the module, one more is data', () => {
    receive('\r\nCLOSED\r\n');
    receive('x'.repeat(4_096 - 10));
    expect(calls).toEqual(['closed']);
    receive('x');
    expect(calls).toEqual(['closed', 'trusted']);
  });

  test('an ERROR is doubtful only after a line that was written from here', () => {
    ours = 'temperature 21\r';
    receive('temperature 20\r\r\nERROR\r\n');
    receive('\r\nERROR\r\n');
    expect(calls).toEqual([]);
    receive('temperature 21\r\r\nERROR\r\n');
    expect(calls).toEqual(['echoed']);
  });

  test('an ERROR is doubtful when nothing else has come since a line was written', () => {
    reader.wrote(bytesOf('temperature'));
    receive('\r\nERROR\r\n');
    reader.wrote(bytesOf(' 21\r'));
    receive('ok');
    receive('\r\nERROR\r\n');
    advance(50);
    expect(calls).toEqual([]);
    reader.wrote(bytesOf('\r'));
    receive('\r\nERROR\r\n');
    expect(calls).toEqual(['echoed']);
    expect(textOf([reader.distrust()])).toBe('\r\nERROR\r\n');
    expect(delivered).toBe('\r\nERROR\r\nok\r\nERROR\r\n');
  });

  test('the report of a next client is doubtful where one may come, and begins what is not data', () => {
    receive('\r\n+CLIENT: 0,0,10.0.0.1:50001\r\n');
    expect(calls).toEqual([]);
    reader = new DataReader(scheduler, true, {
      ...{ deliver: (bytes) => (delivered += textOf([bytes])), wrote: () => false },
      ...{ doubtful: (doubt) => calls.push(doubt), trusted: () => calls.push('trusted') },
      ...{ proven: () => {}, answered: () => {} },
    });
    delivered = '';
    const next = `\r\n+CLIENT: 0,0,10.0.0.1:50001\r\n\r\nCONNECT 115200\r\n${'x'.repeat(5_000)}`;
    receive(`last${next}`);
    expect(calls).toEqual(['closed']);
    reader.replaced();
    expect(textOf([reader.distrust()])).toBe(next);
    expect(delivered).toBe('last');
  });

  test('NULs and ERROR many times over are data, and no endless work', () => {
    const text = `${'\0'.repeat(20)}\r\nERROR\r\n`.repeat(200);
    receive(text);
    advance(50);
    expect(delivered).toBe(text);
  });
});

describe('an escape', () => {
  beforeEach(() => reader.awaitEscape());

  test('is proved by the right numbers and the OK after them, wherever the chunks are cut', () => {
    receive('last words\r\nOK\r\n');
    expect(delivered).toBe('last words');
    reader.awaitAnswer(NUMBERS, true);
    for (const char of PROOF.slice(0, -1)) receive(char);
    expect(calls).toEqual([]);
    receive(`${PROOF.slice(-1)}\r\n+CIPRXGET: 1,3\r\n`);
    expect(calls).toEqual(['proven']);
    expect(textOf([reader.trust()])).toContain('+CIPRXGET: 1,3');
    expect(delivered).toBe('last words');
  });

  test('a client that was announced before the proof is gone with its connection: its lines and bytes are none', () => {
    const gone = '\r\n+CLIENT: 0,0,10.0.0.1:50001\r\n\r\nCONNECT 115200\r\nits words\r\n+IPCLOSE: 3,1\r\n';
    reader.awaitAnswer(NUMBERS, true);
    receive(`last\r\nCLOSED\r\n\r\n+CIPRXGET: 1,2\r\n${gone}\r\nERROR\r\n${PROOF}\r\n+CIPRXGET: 1,3\r\n`);
    expect(calls).toContain('proven');
    expect(textOf([reader.distrust()])).toBe('\r\nCLOSED\r\n\r\n+CIPRXGET: 1,2\r\n\r\n+CIPRXGET: 1,3\r\n');
    expect(delivered).toBe('last');
  });

  test('is not proved by an OK alone, by other numbers, or by numbers before the question', () => {
    receive(PROOF);
    reader.awaitAnswer(NUMBERS, true);
    receive('\r\nOK\r\n');
    receive('\r\n+CIPTIMEOUT: 3111,4222,5334\r\n\r\nOK\r\n');
    receive('\r\nERROR\r\n');
    expect(calls).toEqual(['contradiction', 'error']);
  });

  test('the OK of a peer before that of the module is data', () => {
    receive('a\r\nOK\r\nb');
    receive('\r\nOK\r\n');
    reader.awaitAnswer(NUMBERS, true);
    receive(PROOF);
    expect(textOf([reader.trust()]).trim()).toBe('');
    expect(delivered).toBe('a\r\nOK\r\nb');
  });

  test("a peer's last words before CLOSED are data, the module's lines after it are not", () => {
    receive('bye\r\nOK\r\n\r\n*ATREADY: 1\r\n\r\nCLOSED\r\n\r\n+IPCLOSE: 0,1\r\n');
    reader.awaitAnswer(NUMBERS, true);
    receive(`\r\nERROR\r\n${PROOF}`);
    expect(calls).toEqual(['restarted', 'error', 'proven']);
    const lines = textOf([reader.distrust()]);
    expect(lines).toContain('+IPCLOSE: 0,1');
    expect(lines).not.toContain('*ATREADY');
    expect(delivered).toBe('bye\r\nOK\r\n\r\n*ATREADY: 1\r\n');
  });

  test.each([
    ['with one character wrong', '\r\n+CIPTIMEOUT* 3111,4222,5333\r\n\r\nOK\r\n'],
    ['with one digit wrong', '\r\n+CIPTIMEOUT: 3111,4922,5333\r\n\r\nOK\r\n'],
    ['of which only OK arrived', '\r\nOK\r\n'],
  ])('an answer %s, and the OK of the escape before it, are not data', (_, answer) => {
    receive('last\r\nOK\r\n');
    reader.awaitAnswer(NUMBERS, true);
    receive(answer);
    reader.awaitAnswer(NUMBERS, false);
    receive(`\r\n+CREG: 1\r\n${PROOF}`);
    expect(textOf([reader.trust()]).trim()).toBe('+CREG: 1');
    expect(delivered).toBe('last');
  });

  test('a line that holds one of the numbers is data until the OK of the escape', () => {
    reader.awaitAnswer(NUMBERS, true);
    receive('last\r\n3111 is it\r\n more\r\nOK\r\n');
    reader.awaitAnswer(NUMBERS, false);
    receive(PROOF);
    reader.trust();
    expect(delivered).toBe('last\r\n3111 is it\r\n more');
  });

  test('an end is known by any report of it, where the OK of the escape and CLOSED are lost', () => {
    reader.withhold();
    receive('last\r\n+IPCLOSE: 0,1\r\n');
    reader.awaitAnswer(NUMBERS, true);
    receive(PROOF);
    expect(textOf([reader.distrust()]).trim()).toBe('+IPCLOSE: 0,1');
    expect(delivered).toBe('last');
  });

  test('keeps 64 KiB at most', () => {
    reader.awaitAnswer(NUMBERS, true);
    receive('x'.repeat(65_536));
    expect(delivered).toBe('');
    receive('yz');
    expect(delivered).toBe('xx');
  });
});

test('what was kept when the connection ended without an answer is not delivered', () => {
  receive('data\r\n*ATREADY: 1\r\n');
  reader.end();
  expect(delivered).toBe('data');
});
