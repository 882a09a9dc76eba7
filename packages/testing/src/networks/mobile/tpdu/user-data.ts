import { packSeptets, septetsOf, textOfSeptets, unpackSeptets } from './alphabet.js';

/** What a message carries, as it stands in its TPDU. */
export interface UserData {
  /** TP-DCS (3GPP TS 23.038, 4). */
  readonly coding: number;
  /** TP-UDHI: the octets begin with a header. */
  readonly hasHeader: boolean;
  /** TP-UDL: septets in the 7-bit alphabet, header and fill bits included; octets otherwise. */
  readonly length: number;
  /** TP-UD. */
  readonly octets: Uint8Array;
}

export type Alphabet = '7-bit' | '8-bit' | 'UCS2';

/** Which part of a longer message it is. */
export interface Part {
  readonly reference: number;
  readonly count: number;
  /** From 1. */
  readonly number: number;
}

/** Most octets of user data (3GPP TS 23.040, 9.2.3.24). */
export const MAX_OCTETS = 140;

/** The alphabet of a coding scheme (3GPP TS 23.038, 4). */
export function alphabetOf(coding: number): Alphabet {
  if ((coding & 0xc0) < 0x80)
    return (['7-bit', '8-bit', 'UCS2', '7-bit'] as const)[(coding >> 2) & 3] ?? '7-bit';
  if ((coding & 0xf0) === 0xe0) return 'UCS2';
  return (coding & 0xf4) === 0xf4 ? '8-bit' : '7-bit';
}

/** The class of a message, 0 to 3, or undefined without one (3GPP TS 23.038, 4). */
export function classOf(coding: number): number | undefined {
  const general = (coding & 0xc0) < 0x80 && (coding & 0x10) !== 0;
  return general || (coding & 0xf0) === 0xf0 ? coding & 3 : undefined;
}

/** Octets that so much user data takes. */
export function octetsFor(coding: number, length: number): number {
  return alphabetOf(coding) === '7-bit' ? Math.ceil((length * 7) / 8) : length;
}

/** The header without its length, or nothing. */
export function headerOf({ hasHeader, octets }: UserData): Uint8Array {
  return hasHeader ? octets.subarray(1, 1 + (octets[0] ?? 0)) : new Uint8Array();
}

/** The octets after the header; of an 8-bit message these are its content. */
export function bodyOf({ hasHeader, octets }: UserData): Uint8Array {
  return hasHeader ? octets.subarray(1 + (octets[0] ?? 0)) : octets;
}

/** The septets after the header. */
export function septetsIn(data: UserData): number[] {
  const headerBits = data.hasHeader ? (1 + (data.octets[0] ?? 0)) * 8 : 0;
  const skipped = Math.ceil(headerBits / 7);
  const fill = skipped * 7 - headerBits;
  return unpackSeptets(bodyOf(data), Math.max(0, data.length - skipped), fill);
}

/** The text of a message; of an 8-bit one, each octet as a character. */
export function textIn(data: UserData): string {
  const alphabet = alphabetOf(data.coding);
  if (alphabet === '7-bit') return textOfSeptets(septetsIn(data));
  const body = bodyOf(data);
  if (alphabet === '8-bit') return String.fromCharCode(...body);
  let text = '';
  for (let at = 0; at + 1 < body.length; at += 2) {
    text += String.fromCharCode(((body[at] ?? 0) << 8) | (body[at + 1] ?? 0));
  }
  return text;
}

/** Which part of a longer message this is (3GPP TS 23.040, 9.2.3.24.1 and .8). */
export function partIn(data: UserData): Part | undefined {
  const header = headerOf(data);
  for (let at = 0; at + 1 < header.length; at += 2 + (header[at + 1] ?? 0)) {
    const [kind, length, ...value] = header.subarray(at, at + 2 + (header[at + 1] ?? 0));
    const wide = kind === 8 && length === 4;
    if (!wide && !(kind === 0 && length === 3)) continue;
    const [high = 0, low = 0] = value;
    const [count = 0, number = 0] = value.slice(wide ? 2 : 1);
    return { reference: wide ? (high << 8) | low : high, count, number };
  }
  return undefined;
}

/** User data of septets, octets or UCS2, after a header without its length. */
export function userData(
  content: readonly number[] | Uint8Array,
  coding: number,
  header = new Uint8Array(),
): UserData {
  const hasHeader = header.length > 0;
  const front = hasHeader ? Uint8Array.of(header.length, ...header) : header;
  if (alphabetOf(coding) !== '7-bit') {
    const octets = Uint8Array.of(...front, ...content);
    return { coding, hasHeader, length: octets.length, octets };
  }
  const skipped = Math.ceil((front.length * 8) / 7);
  const packed = packSeptets([...content], skipped * 7 - front.length * 8);
  return { coding, hasHeader, length: skipped + content.length, octets: Uint8Array.of(...front, ...packed) };
}

/**
 * A text as the user data of one message or of several: 7-bit where its characters allow it, UCS2
 * otherwise.
 *
 * @param reference Number that the parts of a longer text have in common, 0 to 255.
 */
export function userDataOf(text: string, reference = 0): UserData[] {
  const septets = septetsOf(text);
  if (septets !== undefined) {
    return partsOf(septets, 160, 153, (end) => septets[end - 1] === 0x1b).map(({ content, header }) =>
      userData(content, 0, header(reference)),
    );
  }
  const octets: number[] = [];
  for (let at = 0; at < text.length; at++) octets.push(text.charCodeAt(at) >> 8, text.charCodeAt(at) & 0xff);
  const isHighSurrogate = (end: number) => ((octets[end - 2] ?? 0) & 0xfc) === 0xd8;
  return partsOf(octets, MAX_OCTETS, 134, isHighSurrogate).map(({ content, header }) =>
    userData(content, 8, header(reference)),
  );
}

/** Cuts content into parts, and never between two elements that belong together. */
function partsOf(content: readonly number[], whole: number, size: number, splits: (end: number) => boolean) {
  if (content.length <= whole) return [{ content, header: () => new Uint8Array() }];
  const cuts: (readonly number[])[] = [];
  for (let at = 0; at < content.length; ) {
    let end = Math.min(at + size, content.length);
    while (end < content.length && splits(end)) end -= whole === MAX_OCTETS ? 2 : 1;
    cuts.push(content.slice(at, end));
    at = end;
  }
  return cuts.map((part, index) => ({
    content: part,
    header: (reference: number) => Uint8Array.of(0, 3, reference, cuts.length, index + 1),
  }));
}
