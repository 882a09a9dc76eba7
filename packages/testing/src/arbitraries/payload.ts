import fc from 'fast-check';
import { bytesOf, joined } from './bytes.js';

const WORDS = [
  'OK',
  'ERROR',
  '>',
  '\r\nOK\r\n',
  '\r\nERROR\r\n',
  '\r\n>',
  '\r\n+IPCLOSE: 0,1\r\n',
  '+CIPRXGET: 2,0,4,0\r\n',
  '\r\n+IPD5\r\n',
  '\r\nRECV FROM:1.2.3.4:5\r\n',
  '\r\n*ATREADY: 1\r\n',
  'AT+CRESET\r',
  '+++',
  '\r',
  '\n',
  '\0',
];

/**
 * A text that means something to the module or to a driver, to be hidden in payload.
 *
 * @returns An arbitrary of texts.
 */
export function protocolWord(): fc.Arbitrary<string> {
  return fc.constantFrom(...WORDS);
}

/**
 * Payload that a careless parser trips over: protocol words, NULs and binary, mixed.
 *
 * @param constraints Shortest and longest payload, in bytes.
 * @returns An arbitrary of payloads.
 */
export function protocolPayload(
  constraints: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<Uint8Array> {
  const { minLength = 1, maxLength = 200 } = constraints;
  const chunk = fc.oneof(
    protocolWord().map(bytesOf),
    fc.uint8Array({ maxLength: 12 }),
    fc.constant(new Uint8Array(3)),
  );
  return fc
    .tuple(fc.array(chunk, { maxLength: 20 }), fc.uint8Array({ minLength, maxLength: minLength }))
    .map(([chunks, filling]) => joined([...chunks, filling]).slice(0, maxLength));
}
