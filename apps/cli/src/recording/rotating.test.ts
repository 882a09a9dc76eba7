import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rotating } from './rotating.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'a7600-rotating-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('begins each file with the header, and keeps as many as it should, the newest', () => {
  const write = rotating(join(folder, 'log'), { maxSize: 8, keep: 3 });
  write('head\n');
  for (const line of ['1\n', '2\n', '3\n', '4\n', '5\n']) write(line);
  expect(readdirSync(folder).sort()).toEqual(['log', 'log.1', 'log.2']);
  expect([read('log.2'), read('log.1'), read('log')]).toEqual(['head\n3\n', 'head\n4\n', 'head\n5\n']);
});

test('a file that was there is kept as the one before', () => {
  writeFileSync(join(folder, 'log'), 'old');
  rotating(join(folder, 'log'), { maxSize: 100, keep: 2 })('head\n');
  expect([read('log.1'), read('log')]).toEqual(['old', 'head\n']);
});

test('without a line, the files stay as they are', () => {
  writeFileSync(join(folder, 'log'), 'old');
  rotating(join(folder, 'log'), { maxSize: 100, keep: 2 });
  rotating(join(folder, 'other'), { maxSize: 100, keep: 2 });
  expect(readdirSync(folder)).toEqual(['log']);
  expect(read('log')).toBe('old');
});

test('a second connection has no second header', () => {
  const write = rotating(join(folder, 'log'), { maxSize: 100, keep: 2 });
  for (const line of ['head\n', '1\n', 'head\n', '2\n']) write(line);
  expect(read('log')).toBe('head\n1\n2\n');
});

test('a folder of that name is an error, and stays what it is', () => {
  expect(() => rotating(folder, { maxSize: 100, keep: 2 })).toThrow(/Cannot write .*: it is a folder\./);
  expect(statSync(folder).isDirectory()).toBe(true);
});

test.skipIf(process.platform === 'win32')('a pipe takes everything, and stays what it is', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDWR);
  try {
    const write = rotating(pipe, { maxSize: 8, keep: 2 });
    for (const line of ['head\n', '1\n', '2\n', '3\n']) write(line);
    const bytes = Buffer.alloc(100);
    expect(bytes.toString('latin1', 0, readSync(reader, bytes))).toBe('head\n1\n2\n3\n');
    expect(readdirSync(folder)).toEqual(['pipe']);
  } finally {
    closeSync(reader);
  }
});

test('a folder that is not there is named', () => {
  expect(() => rotating(join(folder, 'no', 'log'), { maxSize: 100, keep: 2 })).toThrow(
    /Cannot write .*no\/log \(file\): its folder does not exist\./,
  );
});
