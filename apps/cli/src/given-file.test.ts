import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../test/scratch.js';
import { besideTheWork, outputFailed, readGiven, writeGiven } from './given-file.js';

const own = scratch();

const failing = (code: string) => () => {
  throw Object.assign(new Error(`${code}: text of the system`), { code });
};

test('an error of a file names it, its option and the reason, not the call of the system', () => {
  expect(() => readGiven('--pin-file', '/no/such')).toThrow('/no/such (--pin-file): there is no such file.');
  expect(() => readGiven('FILE', '/')).toThrow('Cannot read / (FILE): it is a folder.');
  for (const [code, reason] of [
    ['ENOENT', 'its folder does not exist'],
    ['EACCES', 'this user may not write it'],
    ['ENOSPC', 'there is no space left'],
    ['EWHATEVER', 'EWHATEVER: text of the system'],
  ] as const) {
    expect(() => writeGiven('--bundle', 'f', failing(code))).toThrow(`Cannot write f (--bundle): ${reason}.`);
  }
  expect(outputFailed(Object.assign(new Error(), { code: 'ENOSPC' }))).toBe(
    'Cannot write the output: there is no space left.',
  );
});

test.each([
  ['UTF-8', Buffer.from('1234\r\n')],
  ['UTF-8 with a mark, as editors of Windows write it', Buffer.from('\ufeff1234\r\n')],
  ['UTF-16, as `>` of the PowerShell of Windows writes it', Buffer.from('\ufeff1234\r\n', 'utf16le')],
])('reads %s', (_, bytes) => {
  const path = join(own.folder, 'pin');
  writeFileSync(path, bytes);
  expect(readGiven('--pin-file', path)).toBe('1234\r\n');
});

test('a disk that fills up in the middle of the work is named once, and the work goes on', () => {
  const [written, complaints]: [number[], string[]] = [[], []];
  const write = besideTheWork(
    (value: number) => {
      if (value === 2) writeGiven('--capture', 'f', failing('ENOSPC'));
      written.push(value);
    },
    (message) => complaints.push(message),
  );
  for (const value of [1, 2, 3]) write(value);
  expect(written).toEqual([1]);
  expect(complaints).toEqual([
    'Cannot write f (--capture): there is no space left. The program goes on without it.',
  ]);
});
