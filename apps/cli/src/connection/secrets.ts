import { UsageError } from '../exit-code.js';
import { readGiven } from '../given-file.js';
import type { ConnectionOptions } from './options.js';

/** What must not stand on a command line, where every user of the computer sees it. */
export interface Secrets {
  /** The password for the access point. */
  readonly password: string | undefined;
  /** The PIN of the SIM, 4 to 8 digits. */
  readonly pin: string | undefined;
}

const PIN = /^\d{4,8}$/;

/** Reads the files with secrets. Throws a `UsageError` for one that cannot be read or has something else. */
export function secretsOf({ user, passwordFile, pinFile }: ConnectionOptions): Secrets {
  if (user !== undefined && passwordFile === undefined) {
    throw new UsageError('--user needs --password-file: the module takes no name without a password.');
  }
  if (passwordFile !== undefined && user === undefined) {
    throw new UsageError('--password-file needs --user: the module takes no password without a name.');
  }
  const pin = pinFile === undefined ? undefined : secretIn('--pin-file', pinFile);
  if (pin !== undefined && !PIN.test(pin)) {
    throw new UsageError(`${pinFile} (--pin-file) must have one line of 4 to 8 digits.`);
  }
  return {
    pin,
    password: passwordFile === undefined ? undefined : secretIn('--password-file', passwordFile),
  };
}

/** The secret in a file that an option names, without the final line end. */
export function secretIn(option: string, file: string): string {
  return readGiven(option, file).replace(/\r?\n$/, '');
}
