// The values of the URCs in the streams, read from strings: what the peers do with a line.
import type { Line } from '@a7600/at-codec';

/** Reads the parameters of a line; undefined if it is no URC in that form. */
type Reader = (parameters: string, text: string) => unknown;

const fieldsOf = (text: string) => (text === '' ? [] : text.split(',').map((field) => field.trim()));

/** Integers by name, as many as there are keys. */
const numbers =
  (...keys: readonly string[]): Reader =>
  (parameters) => {
    const fields = parameters.split(',');
    if (fields.length !== keys.length) return undefined;
    const value: Record<string, number> = {};
    for (const [index, key] of keys.entries()) value[key] = Number(fields[index]);
    return value;
  };

const notice: Reader = (parameters, text) => {
  const fields = fieldsOf(parameters).map((field) => (field.startsWith('"') ? field.slice(1, -1) : field));
  return { text, fields };
};

/** Reads `<ip>:<port>`. */
function address(text: string) {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

const readers = new Map<string, Reader>([
  ['+CSQ', numbers('rssi', 'ber')],
  ['+CREG', (parameters) => (parameters.includes(',') ? undefined : { stat: Number(parameters) })],
  ['+IPCLOSE', numbers('link', 'reason')],
  ['+CIPRXGET', (text) => (/^1,\d+$/.test(text) ? { link: Number(text.slice(2)) } : undefined)],
  ['+NETOPEN', numbers('error')],
  ['+CIPSEND', numbers('link', 'requested', 'confirmed')],
  ['+CIPOPEN', numbers('link', 'error')],
  ['+CPIN', (state) => ({ state })],
  ['+CGEV', (event) => ({ event })],
  ['+CIPEVENT', (event) => ({ event })],
  [
    '+CLIENT',
    (parameters) => {
      const [link, server, peer = ''] = parameters.split(',');
      return { link: Number(link), server: Number(server), ...address(peer) };
    },
  ],
  [
    '+CPSI',
    (parameters) => {
      const [system, operation, ...details] = parameters.split(',');
      return { system, operation, details };
    },
  ],
  ['RECV FROM', address],
  ['SMS DONE', notice],
  ['*ISIMAID', notice],
]);

/** The value of a URC that is a string. */
export function valueOfText(text: string): unknown {
  const colon = text.indexOf(':');
  const reader = readers.get(colon < 0 ? text : text.slice(0, colon));
  return reader?.(colon < 0 ? '' : text.slice(colon + (text[colon + 1] === ' ' ? 2 : 1)), text);
}

/** The value of a URC that the decoder has found. */
export function valueOfLine(line: Line): unknown {
  return line.urc === undefined ? undefined : line.read(line.urc);
}

/** A number that differs when values differ; the same work for every contender. */
export function mixed(sum: number, value: unknown): number {
  let mix = sum;
  for (const part of Object.values(value as object)) {
    if (typeof part === 'number') mix = (mix * 31 + part) | 0;
    else if (typeof part === 'string') mix = mixedText(mix, part);
    else for (const text of part as readonly string[]) mix = mixedText(mix, text);
  }
  return mix;
}

export function mixedText(sum: number, text: string): number {
  return (sum * 31 + text.length * 256 + text.charCodeAt(text.length >> 1)) | 0;
}
