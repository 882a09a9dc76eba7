import { TransportError } from './errors.js';

/** Throws `INVALID_ARGUMENT` unless a function was given an object of options; `example` shows what they are. */
export function assertGiven(name: string, options: unknown, example: string): void {
  if (typeof options === 'object' && options !== null) return;
  throw unusable(name, `options such as ${example}`, options);
}

/** Throws `INVALID_ARGUMENT` unless a function was given a link. */
export function assertLink(name: string, link: unknown): void {
  const { received$, write } = (typeof link === 'object' && link !== null ? link : {}) as {
    readonly received$?: unknown;
    readonly write?: unknown;
  };
  if (typeof received$ === 'object' && received$ !== null && typeof write === 'function') return;
  throw unusable(name, 'a ByteLink', link);
}

/** The error for an argument of another kind than a function needs. */
export function unusable(name: string, expected: string, value: unknown): TransportError {
  const hint = ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? ' Wrap it in a Uint8Array.' : '';
  return new TransportError('INVALID_ARGUMENT', `${name} needs ${expected}, not ${described(value)}.${hint}`);
}

/** A value for a message: its kind only, as its content may be a secret. */
function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name: unknown = value.constructor?.name;
  return Array.isArray(value)
    ? 'an array'
    : typeof name === 'string' && name !== 'Object'
      ? `a ${name}`
      : 'an object';
}
