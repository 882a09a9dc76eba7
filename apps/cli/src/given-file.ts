import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from './exit-code.js';

/**
 * Reads a file that the command line names.
 *
 * @param option the option or argument that names it, for the error
 * @param file its path
 * @returns its text, without a mark of its encoding: editors of Windows write one, and some write UTF-16
 * @throws {UsageError} it cannot be read; names both, and the reason
 */
export function readGiven(option: string, file: string): string {
  return attempt('read', option, file, () => textOf(readFileSync(file)));
}

/** The text of a file: UTF-8, or UTF-16 if it says so (RFC 2781, 3.2). */
function textOf(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
}

/**
 * Writes a file, or makes a folder, that the command line names.
 *
 * @param option the option or argument that names it, for the error
 * @param file its path
 * @param work writes it
 * @returns what the work returns
 * @throws {UsageError} it cannot be written; names both, and the reason
 */
export function writeGiven<T>(option: string, file: string, work: () => T): T {
  return attempt('write', option, file, work);
}

/**
 * Checks whether a file can be written, and leaves it as it is.
 *
 * @param file its path
 * @throws as the system does when it is written
 */
export function checkWritable(file: string): void {
  const failed = (code: string) => Object.assign(new Error(code), { code });
  if (!statSync(dirname(file)).isDirectory()) throw failed('ENOTDIR');
  const there = statSync(file, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw failed('EISDIR');
  accessSync(there === undefined ? dirname(file) : file, constants.W_OK);
}

function attempt<T>(what: 'read' | 'write', option: string, file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError(`Cannot ${what} ${file} (${option}): ${reasonOf(what, error)}.`, { cause: error });
  }
}

/** Why a system call failed, in words; the text of the system where there are none here. */
function reasonOf(what: 'read' | 'write', error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const own = what === 'read' ? READ_ERRORS : WRITE_ERRORS;
  return own[code] ?? ERRORS[code] ?? message;
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
};

const WRITE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'this user may not write it',
  EPERM: 'this user may not write it',
  EEXIST: 'something of that name exists',
};

const ERRORS: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  ENOSPC: 'there is no space left',
  EDQUOT: 'there is no space left for this user',
  EFBIG: 'it would be larger than it may be',
  EROFS: 'its file system is read-only',
  EBUSY: 'another program has it open',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * Writes to a file beside the work of a subcommand. When that fails, for instance because there is no space left, it
 * says so once and writes no more; the work goes on.
 *
 * @param write writes to the file; throws when it cannot
 * @param complain prints a message
 * @returns writes as long as that works
 */
export function besideTheWork<T>(
  write: (value: T) => void,
  complain: (message: string) => void,
): (value: T) => void {
  let works = true;
  return (value) => {
    if (!works) return;
    try {
      write(value);
    } catch (error) {
      works = false;
      complain(`${(error as Error).message} The program goes on without it.`);
    }
  };
}

/**
 * What is to be said when standard output, or standard error, cannot be written.
 *
 * @param error what the stream failed with
 * @returns one sentence
 */
export function outputFailed(error: NodeJS.ErrnoException): string {
  return `Cannot write the output: ${reasonOf('write', error)}.`;
}
