import { packSeptets, septetsOf, textOfSeptets, unpackSeptets } from './alphabet.js';

/** A telephone number, or a name that takes its place, as messages carry it. */
export interface Address {
  /** Digits, `*`, `#`, `a`, `b`, `c`, without a plus sign; a text where the type is alphanumeric. */
  readonly value: string;
  /** Type-of-address octet: 145 international, 129 unknown, 208 alphanumeric (3GPP TS 24.008, 10.5.4.7). */
  readonly type: number;
}

export const INTERNATIONAL = 145;
export const UNKNOWN = 129;
/** Alphanumeric, GSM 7-bit default alphabet (3GPP TS 23.040, 9.1.2.5). */
export const ALPHANUMERIC = 0xd0;

/** The digits of BCD, by value; 15 fills up an odd number (3GPP TS 24.008, 10.5.118). */
const DIGITS = '0123456789*#abc';

/** Reads a number as a person writes it; `+` makes it international. */
export function addressOf(dialled: string, type?: number): Address {
  const international = dialled.startsWith('+');
  const value = international ? dialled.slice(1) : dialled;
  return { value, type: type ?? (international ? INTERNATIONAL : UNKNOWN) };
}

/** The number as a person writes it. */
export function dialled({ value, type }: Address): string {
  return isInternational(type) && !isAlphanumeric(type) ? `+${value}` : value;
}

/** Whether every character can be sent as a digit. */
export function isDiallable(value: string): boolean {
  return (
    value.length > 0 &&
    value.length <= 20 &&
    [...value.toLowerCase()].every((digit) => DIGITS.includes(digit))
  );
}

/** An address of a TPDU: length in semi-octets, type, value (3GPP TS 23.040, 9.1.2.5). */
export function printAddress({ value, type }: Address): Uint8Array {
  const octets = isAlphanumeric(type) ? packSeptets(septetsOf(value) ?? []) : bcd(value);
  const length = isAlphanumeric(type) ? Math.ceil(((septetsOf(value) ?? []).length * 7) / 4) : value.length;
  return Uint8Array.of(length, type, ...octets);
}

/** Reads an address of a TPDU; undefined when the octets end before it. */
export function parseAddress(octets: Uint8Array, at: number): { address: Address; end: number } | undefined {
  const length = octets[at];
  const type = octets[at + 1];
  const end = at + 2 + Math.ceil((length ?? 0) / 2);
  if (length === undefined || type === undefined || end > octets.length || length > 20) return undefined;
  const part = octets.subarray(at + 2, end);
  const value = isAlphanumeric(type)
    ? textOfSeptets(unpackSeptets(part, Math.floor((length * 4) / 7)))
    : digitsOf(part).slice(0, length);
  return { address: { value, type }, end };
}

/** The address of a service centre before a TPDU: length in octets, 0 for none (3GPP TS 24.011, 8.2.5). */
export function printCentre(address: Address | undefined): Uint8Array {
  if (address === undefined || address.value === '') return Uint8Array.of(0);
  const octets = bcd(address.value);
  return Uint8Array.of(octets.length + 1, address.type, ...octets);
}

/** Reads the address of a service centre; undefined when the octets end before it. */
export function parseCentre(octets: Uint8Array): { address: Address | undefined; end: number } | undefined {
  const length = octets[0];
  if (length === undefined || length + 1 > octets.length || length > 12) return undefined;
  const type = octets[1];
  if (length === 0 || type === undefined) return { address: undefined, end: 1 };
  return { address: { value: digitsOf(octets.subarray(2, length + 1)), type }, end: length + 1 };
}

function isInternational(type: number): boolean {
  return (type & 0x70) === 0x10;
}

function isAlphanumeric(type: number): boolean {
  return (type & 0x70) === 0x50;
}

function bcd(value: string): Uint8Array {
  const digits = [...value.toLowerCase()].map((digit) => Math.max(0, DIGITS.indexOf(digit)));
  const octets = new Uint8Array(Math.ceil(digits.length / 2));
  for (let at = 0; at < octets.length; at++) {
    octets[at] = (digits[at * 2] ?? 0) | ((digits[at * 2 + 1] ?? 15) << 4);
  }
  return octets;
}

function digitsOf(octets: Uint8Array): string {
  let digits = '';
  for (const octet of octets) {
    digits += DIGITS[octet & 15] ?? '';
    digits += DIGITS[octet >> 4] ?? '';
  }
  return digits;
}
