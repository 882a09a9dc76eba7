import { describe, expect, test } from 'vitest';
import { parseCommandLine } from './request.js';
import { number, optional } from './values.js';

/** The commands of a line as `NAME form values`, values in quotes where they stood in quotes. */
const parsed = (line: string) =>
  parseCommandLine(line)?.map(({ name, form, values, quoted }) =>
    [name, form, ...values.map((value, at) => (quoted[at] ? `"${value}"` : value))].join(' '),
  );

describe('a command line', () => {
  test.each([
    ['AT', [' execute']],
    ['at  ', [' execute']],
    ['ATE0', ['E write 0']],
    ['ATE0V1I', ['E write 0', 'V write 1', 'I execute']],
    ['AT&D2&C', ['&D write 2', '&C execute']],
    ['ATS0=12S3?', ['S0 write 12', 'S3 read']],
    ['AT S10 ', ['S write 10']],
    ['ATD+123;456', ['D write +123;456']],
    ['ATD', ['D execute']],
    ['AT+CSQ', ['+CSQ execute']],
    ['at+csq?', ['+CSQ read']],
    ['AT+CSQ =?', ['+CSQ test']],
    ['AT$QCRMCALL=1,1', ['+QCRMCALL write 1 1']],
    ['AT#XYZ', ['+XYZ execute']],
    ['AT*X$=1', undefined],
    ['AT+A=', ['+A write ']],
    ['AT+A= 1 , "b,c;d" ,,x', ['+A write 1 "b,c;d"  x']],
    ['AT+A="a"b', ['+A write "a"b']],
    ['AT+A;+B=1;E1 ; +C?', ['+A execute', '+B write 1', 'E write 1', '+C read']],
    ['AT+A=1;', ['+A write 1']],
    ['AT+A? ', ['+A read']],
    ['AT+A?1', undefined],
    ['AT+A x', undefined],
    ['AT++A', undefined],
    ['AT++A=1', undefined],
    ['AT+A? ;+B?', ['+A read', '+B read']],
    ['AT+A=x"a"', ['+A write x"a"']],
    ['AT+', undefined],
    ['AT1', undefined],
    ['AT%X', undefined],
    ['XAT', undefined],
    ['hello', undefined],
  ])('%j', (line, expected) => {
    expect(parsed(line)).toEqual(expected);
  });

  test('has what is dialled as one value, as it was typed', () => {
    expect(parseCommandLine('ATDT*99#')).toEqual([
      { name: 'D', form: 'write', values: ['T*99#'], quoted: [false] },
    ]);
  });

  test('has basic commands without values', () => {
    expect(parseCommandLine('ATI')).toEqual([{ name: 'I', form: 'execute', values: [], quoted: [] }]);
    expect(parseCommandLine('ATS0?')).toEqual([{ name: 'S0', form: 'read', values: [], quoted: [] }]);
  });
});

describe('a number', () => {
  test.each([
    ['0', 0],
    ['9', 9],
    ['10', undefined],
    ['', undefined],
    ['x1', undefined],
    ['1x', undefined],
    ['-1', undefined],
    ['00000000001', undefined],
    [undefined, undefined],
  ])('from 0 to 9: %j', (text, expected) => {
    expect(number(text, 0, 9)).toBe(expected);
  });

  test('at its limits', () => {
    expect([number('2', 3, 5), number('3', 3, 5), number('5', 3, 5), number('6', 3, 5)]).toEqual([
      undefined,
      3,
      5,
      undefined,
    ]);
  });

  test('that is left out has another value, and a wrong one has none', () => {
    expect([
      optional(undefined, 0, 9, 7),
      optional('', 0, 9, 7),
      optional('8', 0, 9, 7),
      optional('x', 0, 9, 7),
    ]).toEqual([7, 7, 8, undefined]);
  });
});
