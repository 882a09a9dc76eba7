import { FleetError } from '../base/errors.js';

/** A record of the protocol: JSON, and bytes that stay bytes. */
export interface FleetRecord {
  readonly json: unknown;
  readonly bytes: Uint8Array;
}

/** Bytes of the length before the JSON text. */
const HEADER = 2;
const LONGEST = 0xff_ff;
const NONE = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Writes a record; throws `CAPACITY` when the JSON text is longer than 65,535 bytes. */
export function encodeRecord(json: unknown, bytes: Uint8Array = NONE): Uint8Array {
  const text = encoder.encode(JSON.stringify(json));
  if (text.length > LONGEST) {
    throw new FleetError(
      'CAPACITY',
      `A message of ${text.length} bytes of JSON is too long: ${LONGEST} at most.`,
    );
  }
  const record = new Uint8Array(HEADER + text.length + bytes.length);
  record[0] = text.length >> 8;
  record[1] = text.length & 0xff;
  record.set(text, HEADER);
  record.set(bytes, HEADER + text.length);
  return record;
}

/** Reads a record that is all of `data`; throws `PROTOCOL` when it is none. */
export function decodeRecord(data: Uint8Array): FleetRecord {
  const end = HEADER + (((data[0] ?? 0) << 8) | (data[1] ?? 0));
  if (data.length < end) throw new FleetError('PROTOCOL', 'A message is shorter than it says.');
  return { json: parseJson(data.subarray(HEADER, end)), bytes: data.subarray(end) };
}

/** Reads JSON; throws `PROTOCOL` when it is none. */
export function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(data));
  } catch (error) {
    throw new FleetError('PROTOCOL', 'A message is no JSON in UTF-8.', error);
  }
}

/** Writes JSON in UTF-8. */
export function jsonBytes(json: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(json));
}

/**
 * Cuts a byte stream into records, each with a 4-byte length before it.
 *
 * @param onRecord - Called with each record.
 */
export function recordReader(onRecord: (record: FleetRecord) => void): (chunk: Uint8Array) => void {
  let held: Uint8Array = NONE;
  return (chunk) => {
    let rest = held.length === 0 ? chunk : joined(held, chunk);
    while (rest.length >= LENGTH) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
      if (length > LONGEST_FRAMED) throw new FleetError('PROTOCOL', 'A record in a stream is too long.');
      if (rest.length < LENGTH + length) break;
      onRecord(decodeRecord(rest.slice(LENGTH, LENGTH + length)));
      rest = rest.subarray(LENGTH + length);
    }
    held = rest;
  };
}

/** Writes a record with its length before it. */
export function framedRecord(json: unknown, bytes?: Uint8Array): Uint8Array {
  const record = encodeRecord(json, bytes);
  const framed = new Uint8Array(LENGTH + record.length);
  new DataView(framed.buffer).setUint32(0, record.length);
  framed.set(record, LENGTH);
  return framed;
}

const LENGTH = 4;
const LONGEST_FRAMED = 65_536;

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
