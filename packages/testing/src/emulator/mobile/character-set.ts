import { septetsOf, textOfSeptets } from '../../networks/mobile/tpdu/alphabet.js';
import { hexOf, octetsOf } from '../../networks/mobile/tpdu/hex.js';
import { perModule } from '../per-module.js';

/** The character sets of `AT+CSCS` (AT command manual, 2.2.20; 3GPP TS 27.007, 5.5). */
export const CHARACTER_SETS = ['IRA', 'GSM', 'UCS2', 'HEX'] as const;

export type CharacterSet = (typeof CHARACTER_SETS)[number];

/** `AT+CSCS`, which a restart keeps. */
export const characterSetOf = perModule((): { current: CharacterSet } => ({ current: 'IRA' }));

/** A text as the host sees it, a character for each byte. */
export function toHost(text: string, set: CharacterSet): string {
  switch (set) {
    case 'IRA':
      return [...text].map((character) => (character.charCodeAt(0) <= 0xff ? character : '?')).join('');
    case 'GSM':
      return String.fromCharCode(...nearestSeptets(text));
    case 'HEX':
      return hexOf(Uint8Array.from(nearestSeptets(text)));
    case 'UCS2':
      return hexOf(ucs2Of(text));
  }
}

/** What the host has typed; undefined where it is not of the character set. */
export function fromHost(typed: string, set: CharacterSet): string | undefined {
  switch (set) {
    case 'IRA':
      return typed;
    case 'GSM':
      return textOfSeptets([...typed].map((character) => character.charCodeAt(0) & 0x7f));
    case 'HEX': {
      const septets = octetsOf(typed);
      return septets && textOfSeptets([...septets]);
    }
    case 'UCS2': {
      const octets = octetsOf(typed);
      return octets === undefined || octets.length % 2 !== 0 ? undefined : textOfUcs2(octets);
    }
  }
}

/** A number, which the host may write in its character set or as it is. */
export function numberFromHost(typed: string, set: CharacterSet): string {
  const text = set === 'UCS2' || set === 'HEX' ? fromHost(typed, set) : typed;
  return text !== undefined && /^\+?[\d*#a-c]+$/i.test(text) ? text : typed;
}

/** Septets of a text; a character that is not in the alphabet becomes `?`. */
export function nearestSeptets(text: string): number[] {
  return [...text].flatMap((character) => septetsOf(character) ?? [0x3f]);
}

export function ucs2Of(text: string): Uint8Array {
  const octets = new Uint8Array(text.length * 2);
  for (let at = 0; at < text.length; at++) {
    octets[at * 2] = text.charCodeAt(at) >> 8;
    octets[at * 2 + 1] = text.charCodeAt(at) & 0xff;
  }
  return octets;
}

function textOfUcs2(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 2) {
    text += String.fromCharCode(((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0));
  }
  return text;
}
