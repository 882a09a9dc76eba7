import { describe, expect, test } from 'vitest';
import { bytesOf, decodeWith } from '../../test/decode.js';
import { linesOf, urcIn } from '../../test/tables.js';
import { a7600 } from '../a7600.js';
import type { Line, Urc } from './line.js';

/** A descriptor that reads the first field. */
const counter: Urc<number> = { text: '+XYZ', match: 'name', section: '', read: (line) => line.int(0) };

/** The line `+XYZ: <parameters>`. */
function lineWith(parameters: string): Line {
  const [line] = linesOf(`\r\n+XYZ: ${parameters}\r\n`);
  if (line === undefined) throw new Error('no line');
  return line;
}

describe('the number of integers', () => {
  test.each([
    ['', 0],
    ['1', 1],
    ['-1', 1],
    ['1,2', 2],
    ['1, 2', 2],
    [' 1 , -2 ', 2],
    ['1,2,3)', 3],
    ['1:', 1],
    ['0,16:', 2],
    ['007', 1],
  ])('%s has %i', (parameters, count) => {
    expect(lineWith(parameters).integerCount).toBe(count);
  });

  test.each([
    '1,',
    ',1',
    '1,,2',
    ',',
    '-',
    '1,-',
    '--1',
    '1x2',
    '1:2',
    '1)2',
    '1):',
    '1 2',
    '1.5',
    '"1"',
    '1,"2"',
    'x',
    '1,x',
    '+1',
  ])('%s has none', (parameters) => {
    expect(lineWith(parameters).integerCount).toBe(-1);
  });

  test('a URC whose last integer is missing is not accepted', () => {
    for (const line of ['+NETOPEN: ', '+NETOPEN: 0,', '+IPCLOSE: 1,', '+CIPSEND: 0,5,', '+CIPRXGET: 1,']) {
      expect(urcIn(`\r\n${line}\r\n`)).toBeUndefined();
    }
  });
});

describe('one field', () => {
  test.each([
    ['', 0, undefined, Number.NaN],
    ['1', 0, '1', 1],
    ['1', 1, undefined, Number.NaN],
    ['1,', 1, '', Number.NaN],
    [',1', 0, '', Number.NaN],
    [',1', 1, '1', 1],
    ['1,,3', 2, '3', 3],
    ['1 , -23 ', 0, '1', 1],
    ['1 , -23 ', 1, '-23', -23],
    ['1,2)', 1, '2)', 2],
    ['1,2)x', 1, '2)x', Number.NaN],
    ['1,2:', 1, '2:', 2],
    ['12-3', 0, '12-3', Number.NaN],
    ['"7"', 0, '7', Number.NaN],
    ['7"', 0, '7"', Number.NaN],
    ['"a,b",7', 1, '7', 7],
    ['"a,b', 0, '"a,b', Number.NaN],
    ['a"b,c"d,7', 1, '7', 7],
  ])('%s: field %i is %s, as an integer %s', (parameters, index, text, integer) => {
    const line = lineWith(parameters);
    expect(line.fields[index]).toBe(text);
    expect(line.int(index)).toBe(integer);
  });

  test.each([
    ['"a,b",7', 0, true],
    ['"a,b",7', 1, false],
    ['1,"x"', 1, true],
    ['"x', 0, false],
    ['"', 0, false],
    ['x"', 0, false],
    ['""', 0, true],
    ['"x"y', 0, false],
    ['1', 1, false],
  ])('%s: whether field %i is quoted: %s', (parameters, index, quoted) => {
    expect(lineWith(parameters).quoted(index)).toBe(quoted);
  });
});

describe('between name and parameters', () => {
  test.each([
    ['+XYZ: 1,2', ['1', '2']],
    ['+XYZ:1,2', ['1', '2']],
    ['+XYZ:  1,2', ['1', '2']],
    ['+XYZ : 1,2', ['1', '2']],
    ['+XYZ :12', ['12']],
    ['+XYZ:', []],
    ['+XYZ: :1', [':1']],
    ['+IPD(16)', ['16)']],
    ['+RECEIVE,0,16', ['0', '16']],
    ['+IPCLOSE 1,2', ['1', '2']],
    ['+IPCLOSE:: 1', [': 1']],
    // Nothing but a colon, a comma or a bracket stands between the two.
    ['+IPCLOSE; 1', ['; 1']],
    ['+IPD5 6', ['5 6']],
  ])('%s', (text, fields) => {
    // `+IPD` and `+RECEIVE` are in the dialect, whose table says where their name ends.
    const [line] = linesOf(`\r\n${text}\r\n`);
    expect(line?.fields).toEqual(fields);
    expect(line?.fieldCount).toBe(fields.length);
  });

  test.each([
    ['+XYZ: 1', '+XYZ'],
    ['+XYZ : 1', '+XYZ'],
    [': 1', ''],
    ['+CREG: 1', '+CREG'],
    ['+CREG 1', '+CREG'],
    ['+IPD1460', '+IPD'],
    ['+RECEIVE,0,0:', '+RECEIVE'],
    ['RECV FROM:192.0.2.1:80', 'RECV FROM'],
  ])('%s has the name %s', (text, name) => {
    for (const padding of ['', '\r\n']) expect(linesOf(`${padding}${text}\r\n`)[0]?.name).toBe(name);
  });

  test('the parameters of a line without a name begin after the colon', () => {
    expect(linesOf(': 1,2\r\n')[0]?.fields).toEqual(['1', '2']);
  });

  test('a line without a colon is all name, also when the next one has a colon', () => {
    const [first, second] = linesOf('\r\nSIMCOM INCORPORATED\r\n\r\n+XYZ: 1\r\n');
    expect([first?.name, first?.fields, first?.int(0)]).toEqual(['SIMCOM INCORPORATED', [], Number.NaN]);
    expect([second?.name, second?.fields]).toEqual(['+XYZ', ['1']]);
  });
});

describe('a line and its descriptors', () => {
  test('text that no descriptor knows has neither result nor URC nor payload', () => {
    const [line] = linesOf('\r\nhello\r\n');
    expect([line?.kind, line?.result, line?.urc, line?.block]).toEqual([
      'text',
      undefined,
      undefined,
      undefined,
    ]);
    expect(line?.payloadLength).toBe(0);
  });

  test('a header that states less than nothing has no payload', () => {
    expect(linesOf('\r\n+RECEIVE,0,-5:\r\n')[0]?.payloadLength).toBe(0);
  });

  test('of several URCs with one text, the first that accepts the line reads it; one without a condition takes any', () => {
    const two: Urc<number> = { ...counter, accepts: (line) => line.fieldCount === 2 };
    const events = decodeWith({ ...a7600, urcs: [two, counter] }, [
      bytesOf('\r\n+XYZ: 1,2\r\n\r\n+XYZ: 1\r\n'),
    ]);
    expect(events.map((event) => 'urc' in event && event.urc)).toEqual([two, counter]);
  });

  test('a descriptor reads a line once, however often it is asked', () => {
    let reads = 0;
    const counting = { ...counter, read: () => ++reads };
    const line = lineWith('1');
    expect([line.read(counting), line.read(counting), reads]).toEqual([1, 1, 1]);
    expect(line.read(counter)).toBe(1);
    expect(line.read({ ...counter, read: () => undefined })).toBeUndefined();
  });

  test('a line that makes no sense to a descriptor is read once, too', () => {
    let reads = 0;
    const none = { ...counter, read: () => void reads++ };
    const line = lineWith('1');
    expect([line.read(none), line.read(none), reads]).toEqual([undefined, undefined, 1]);
  });
});
