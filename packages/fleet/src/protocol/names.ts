/**
 * What crosses the wire: names, subjects, records, frames and schemas.
 *
 * @module
 */

import { FleetError } from '../base/errors.js';

/** The version of the protocol that this package speaks; the major version is part of each subject. */
export const PROTOCOL_VERSION = '1.0';

const NAME = /^[A-Za-z0-9_-]{1,32}$/;
const ID = /^[A-Za-z0-9_-]{16,64}$/;

/**
 * Returns whether a text can be the name of an agent or a modem, and so a part of a subject.
 *
 * @param text - Any text.
 * @returns Whether it has 1 to 32 letters, digits, `_` or `-`.
 */
export function isFleetName(text: string): boolean {
  return NAME.test(text);
}

/** Whether a text can be the name of a stream or a request. */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** Returns a name that may be part of a subject. */
export function assertName(what: string, name: string): string {
  if (typeof name === 'string' && isFleetName(name)) return name;
  throw new FleetError(
    'INVALID_ARGUMENT',
    `The ${what} ${JSON.stringify(name)} cannot be part of a subject. Use 1 to 32 letters, digits, "_" or "-".`,
  );
}
