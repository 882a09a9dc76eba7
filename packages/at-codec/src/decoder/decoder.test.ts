import { describe, expect, test } from 'vitest';
import { bytesOf, summary, type Told, textOf } from '../../test/decode.js';
import { decode } from '../../test/tables.js';
import { a7600 } from '../a7600.js';
import { createDecoder } from './decoder.js';
import type { AtEvent } from './events.js';

describe('lines', () => {
  test('protocol 2: information text and result are frames between line ends', () => {
    expect(decode('\r\n+CSQ: 23,0\r\n\r\nOK\r\n')).toEqual(['urc +CSQ: 23,0', 'result OK']);
  });

  test('protocol 2: with echo on the command comes back with its CR, without a line feed', () => {
    expect(decode('AT\r\r\nOK\r\n')).toEqual(['echo AT', 'result OK']);
  });

  test('protocol 2: a listing has one line end between its lines', () => {
    expect(decode('\r\n+CIPOPEN: 0\r\n+CIPOPEN: 1\r\n\r\nOK\r\n')).toEqual([
      'text +CIPOPEN: 0',
      'text +CIPOPEN: 1',
      'result OK',
    ]);
  });

  test('Q-28: a NUL before the start-up lines is skipped', () => {
    expect(decode('\0\r\n*ATREADY: 1\r\n')).toEqual(['urc *ATREADY: 1']);
  });

  test('protocol 6: the start-up lines are URCs', () => {
    const lines = ['*ATREADY: 1', '+CPIN: READY', 'SMS DONE', '+CGEV: EPS PDN ACT 1', 'PB DONE', 'RDY'];
    expect(decode(lines.map((line) => `\r\n${line}\r\n`).join(''))).toEqual(
      lines.map((line) => `urc ${line}`),
    );
  });

  test.each([
    ['+CME ERROR: SIM not inserted', 'result'],
    ['+CME ERROR: 13', 'result'],
    ['+CME ERROR : 13', 'result'],
    ['CONNECT 115200', 'result'],
    ['CONNECT', 'result'],
    ['CONNECT FAIL', 'result'],
    ['NO CARRIER', 'result'],
    ['OKAY', 'text'],
    ['ERRORS', 'text'],
    ['RDY?', 'text'],
  ])('%s is a %s', (line, kind) => {
    expect(decode(`\r\n${line}\r\n`)).toEqual([`${kind} ${line}`]);
  });

  test('Q-37: a > is text unless a prompt is awaited and it stands at the start of a line', () => {
    expect(decode('\r\n> is a sign\r\n')).toEqual(['text > is a sign']);
    expect(decode('\r\n>', { prompt: true })).toEqual(['prompt']);
    expect(decode('\r\n1 > 0\r\n', { prompt: true })).toEqual(['text 1 > 0']);
  });

  test('protocol 3.4: a space after the prompt is no text, and URCs may follow it', () => {
    expect(decode('\r\n> \r\n+CIPRXGET: 1,0\r\n\r\nOK\r\n', { prompt: true })).toEqual([
      'prompt',
      'urc +CIPRXGET: 1,0',
      'result OK',
    ]);
  });

  test('a CR with more text after it ends a line, so that a lost LF costs one line at the most', () => {
    expect(decode('\r\nOK\rAT+CSQ\r\r\n+CSQ: 1,0\r\n')).toEqual([
      'result OK',
      'echo AT+CSQ',
      'urc +CSQ: 1,0',
    ]);
    expect(decode('AT+CIPSEND=0,5\r>', { prompt: true })).toEqual(['echo AT+CIPSEND=0,5', 'prompt']);
    expect(decode('a\r\r\r\nb\nc\r\0d\r\n')).toEqual(['text a', 'text b', 'text c', 'text d']);
  });

  test('a prompt is one once', () => {
    expect(decode('\r\n>>\r\n', { prompt: true })).toEqual(['prompt', 'text >']);
  });
});

describe('length-prefixed payload', () => {
  test('protocol 3.5: as many bytes as the header says, then lines again, with one line end', () => {
    expect(decode('\r\n+CIPRXGET: 2,0,6,0\r\n123456\r\nOK\r\n')).toEqual([
      'text +CIPRXGET: 2,0,6,0',
      'payload 123456',
      'result OK',
    ]);
  });

  test('protocol 3.5: or with two of them', () => {
    expect(decode('\r\n+CIPRXGET: 2,0,6,0\r\n123456\r\n\r\nOK\r\n')).toEqual([
      'text +CIPRXGET: 2,0,6,0',
      'payload 123456',
      'result OK',
    ]);
  });

  test('Q-3e: payload is never scanned', () => {
    const payload = '\r\nOK\r\n\r\n+IPCLOSE: 0,1\r\n>\0';
    expect(decode(`\r\n+CIPRXGET: 2,1,${payload.length},0\r\n${payload}\r\nOK\r\n`)).toEqual([
      `text +CIPRXGET: 2,1,${payload.length},0`,
      `payload ${payload}`,
      'result OK',
    ]);
  });

  test('protocol 3.5: a hexadecimal read counts bytes and sends two digits for each', () => {
    expect(decode('\r\n+CIPRXGET: 3,1,5,6\r\n66726F6D20\r\n\r\nOK\r\n')).toEqual([
      'text +CIPRXGET: 3,1,5,6',
      'payload 66726F6D20',
      'result OK',
    ]);
  });

  test('an empty block announces nothing', () => {
    expect(decode('\r\n+CIPRXGET: 2,0,0,0\r\n\r\nOK\r\n')).toEqual(['text +CIPRXGET: 2,0,0,0', 'result OK']);
  });

  test('Q-12: notification and replies share a name', () => {
    expect(decode('\r\n+CIPRXGET: 1,3\r\n\r\n+CIPRXGET: 4,3,16\r\n\r\n+CIPRXGET: 1\r\n')).toEqual([
      'urc +CIPRXGET: 1,3',
      'text +CIPRXGET: 4,3,16',
      'text +CIPRXGET: 1',
    ]);
  });

  test('Q-38: a registration URC has one field or a quoted second one, a reply two numbers', () => {
    expect(decode('\r\n+CREG: 1\r\n\r\n+CREG: 1,"230A","A9"\r\n\r\n+CREG: 0,1\r\n')).toEqual([
      'urc +CREG: 1',
      'urc +CREG: 1,"230A","A9"',
      'text +CREG: 0,1',
    ]);
  });

  test('a header that announces more than it can is noise, and nothing is swallowed', () => {
    expect(decode('\r\n+CIPRXGET: 2,0,2147483648,0\r\n\r\nOK\r\n')).toEqual([
      'noise \r\n+CIPRXGET: 2,0,2147483648,0\r\n',
      'result OK',
    ]);
  });
});

describe('the echo of a payload (Q-26, protocol 3.4)', () => {
  const told = (text: string): Told => ({ prompt: true, echo: bytesOf(text) });

  test('comes after the prompt, with or without a space in between', () => {
    const rest = ['payload-echo hello', 'result OK'];
    expect(decode('\r\n>hello\r\nOK\r\n', told('hello'))).toEqual(['prompt', ...rest]);
    expect(decode('\r\n> hello\r\nOK\r\n', told('hello'))).toEqual([
      'prompt',
      'payload-echo  hello',
      'result OK',
    ]);
  });

  test('is opaque: nothing in it is taken for a line', () => {
    const payload = '\r\nOK\r\n\r\n+IPCLOSE: 0,1\r\n>\0+CIPRXGET: 2,0,5,0\r\n';
    expect(decode(`\r\n>${payload}\r\nOK\r\n`, told(payload))).toEqual([
      'prompt',
      `payload-echo ${payload}`,
      'result OK',
    ]);
  });

  test('may have URCs before it', () => {
    expect(decode('\r\n>\r\n+CIPRXGET: 1,0\r\n\r\n+IPCLOSE: 1,1\r\nhello\r\nOK\r\n', told('hello'))).toEqual([
      'prompt',
      'urc +CIPRXGET: 1,0',
      'urc +IPCLOSE: 1,1',
      'payload-echo hello',
      'result OK',
    ]);
  });

  test('may begin like the URC before it', () => {
    const payload = '\r\n+IPCLOSE: 1,1\r\nabc';
    expect(decode(`\r\n>\r\n+IPCLOSE: 1,1\r\n${payload}\r\nOK\r\n`, told(payload))).toEqual([
      'prompt',
      'urc +IPCLOSE: 1,1',
      `payload-echo ${payload}`,
      'result OK',
    ]);
  });

  test('need not come: a final result ends the expectation', () => {
    expect(decode('\r\n>\r\nOK\r\nhello\r\n', told('hello'))).toEqual(['prompt', 'result OK', 'text hello']);
  });

  test('is lines when it comes damaged', () => {
    expect(decode('\r\n>hexlo\r\nOK\r\n', told('hello'))).toEqual(['prompt', 'text hexlo', 'result OK']);
  });

  test('is noise when the stream ends in the middle of it', () => {
    expect(decode('\r\n>hel', told('hello'))).toEqual(['prompt', 'noise hel']);
  });

  test('given up in the middle of it, what came is lines', () => {
    const events: AtEvent[] = [];
    const decoder = createDecoder(a7600, (event) => events.push(event));
    decoder.expectEcho(bytesOf('OK\r\nx'));
    decoder.push(bytesOf('OK\r\n'));
    expect(events).toEqual([]);
    decoder.expectEcho(undefined);
    expect(summary(events)).toEqual(['result OK']);
  });
});

describe('modes', () => {
  test('protocol 3.18: CONNECT can switch to data mode before the very next byte', () => {
    const stream = '\r\nCONNECT 115200\r\n\r\nOK\r\n+++\0';
    for (const size of [1, 2, 7, 100]) {
      const events: AtEvent[] = [];
      const decoder = createDecoder(a7600, (event) => {
        events.push(event);
        if (event.kind === 'result') decoder.dataMode();
      });
      for (let at = 0; at < stream.length; at += size) decoder.push(bytesOf(stream.slice(at, at + size)));
      expect(summary(events)).toEqual(['result CONNECT 115200', 'data \r\nOK\r\n+++\0']);
    }
  });

  test('data mode and back', () => {
    const events: AtEvent[] = [];
    const decoder = createDecoder(a7600, (event) => events.push(event));
    decoder.push(bytesOf('\r\nhalf a li'));
    decoder.dataMode();
    decoder.push(bytesOf('\r\nOK\r\n'));
    decoder.lineMode();
    decoder.push(bytesOf('\r\nCLOSED\r\n'));
    expect(summary(events)).toEqual(['noise \r\nhalf a li', 'data \r\nOK\r\n', 'urc CLOSED']);
  });

  test('a block that will not be completed can be given up', () => {
    const events: AtEvent[] = [];
    const decoder = createDecoder(a7600, (event) => events.push(event));
    decoder.push(bytesOf('\r\n+CIPRXGET: 2,0,100,0\r\nabc'));
    decoder.lineMode();
    decoder.push(bytesOf('\r\nOK\r\n'));
    expect(summary(events)).toEqual(['text +CIPRXGET: 2,0,100,0', 'payload abc', 'result OK']);
  });

  test('what is pushed from inside the sink comes when the chunk before is done', () => {
    const events: AtEvent[] = [];
    const decoder = createDecoder(a7600, (event) => {
      events.push(event);
      if (events.length === 1) decoder.push(bytesOf('\r\nSMS DONE\r\n'));
    });
    decoder.push(bytesOf('\r\n+CSQ: 1,0\r\n\r\nOK\r\n'));
    expect(summary(events)).toEqual(['urc +CSQ: 1,0', 'result OK', 'urc SMS DONE']);
  });

  test('a sink that throws does not stop the decoder', () => {
    const texts: string[] = [];
    const decoder = createDecoder(a7600, (event) => {
      if (event.kind === 'result') throw new Error('not mine');
      texts.push(textOf(event.raw));
    });
    expect(() => decoder.push(bytesOf('\r\nOK\r\n'))).toThrow('not mine');
    decoder.push(bytesOf('\r\nSMS DONE\r\n'));
    expect(texts).toEqual(['\r\nSMS DONE\r\n']);
  });

  test('the texts of a dialect are printable ASCII', () => {
    const results = [{ text: 'Ö', match: 'line', ok: true }] as const;
    expect(() => createDecoder({ ...a7600, results }, () => {})).toThrow(RangeError);
  });
});

describe('limits', () => {
  test('a line that is too long is noise up to its end', () => {
    const events = decode(`${'x'.repeat(5000)}\r\n\r\nOK\r\n`);
    expect(events).toEqual([`noise ${'x'.repeat(5000)}\r\n`, 'result OK']);
  });

  test('endless padding is given out', () => {
    expect(decode(`${'\r\n'.repeat(300)}OK\r\n`)).toEqual([`noise ${'\r\n'.repeat(256)}`, 'result OK']);
  });

  test('what is left at the end of the stream is noise', () => {
    expect(decode('\r\nOK\r\n\r\n+CSQ: 2')).toEqual(['result OK', 'noise \r\n+CSQ: 2']);
  });
});
