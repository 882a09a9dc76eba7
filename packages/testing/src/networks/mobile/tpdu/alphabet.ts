/** The GSM 7-bit default alphabet by septet; 0x1B escapes to the extension table (3GPP TS 23.038, 6.2.1). */
const BASIC = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
].join('');

const ESCAPE = 0x1b;

/** Characters that two septets stand for, by the second one (3GPP TS 23.038, 6.2.1.1). */
const EXTENSION: Readonly<Record<number, string>> = {
  10: '\f',
  20: '^',
  40: '{',
  41: '}',
  47: '\\',
  60: '[',
  61: '~',
  62: ']',
  64: '|',
  101: '€',
};

const SEPTETS = new Map<string, readonly number[]>([
  ...[...BASIC].map((character, septet) => [character, [septet]] as const),
  ...Object.entries(EXTENSION).map(([septet, character]) => [character, [ESCAPE, Number(septet)]] as const),
]);

/** The septets of a text, or undefined when a character is not in the alphabet. */
export function septetsOf(text: string): number[] | undefined {
  const septets: number[] = [];
  for (const character of text) {
    const found = character === '\u001b' ? undefined : SEPTETS.get(character);
    if (found === undefined) return undefined;
    septets.push(...found);
  }
  return septets;
}

/** The text of septets. An unknown extension is read without its escape, as the standard asks. */
export function textOfSeptets(septets: readonly number[]): string {
  let text = '';
  for (let at = 0; at < septets.length; at++) {
    const septet = septets[at] ?? 0;
    const next = septets[at + 1];
    if (septet !== ESCAPE || next === undefined) text += septet === ESCAPE ? ' ' : BASIC[septet & 0x7f];
    else {
      text += EXTENSION[next] ?? BASIC[next & 0x7f];
      at += 1;
    }
  }
  return text;
}

/**
 * Packs septets into octets, the first in the lowest bits (3GPP TS 23.038, 6.1.2.1).
 *
 * @param fillBits Unused bits before the text, after a user data header: 0 to 6.
 */
export function packSeptets(septets: readonly number[], fillBits = 0): Uint8Array {
  const octets = new Uint8Array(Math.ceil((septets.length * 7 + fillBits) / 8));
  for (const [index, septet] of septets.entries()) {
    const bit = index * 7 + fillBits;
    const at = bit >> 3;
    const shifted = (septet & 0x7f) << (bit & 7);
    octets[at] = (octets[at] ?? 0) | (shifted & 0xff);
    if (shifted > 0xff) octets[at + 1] = shifted >> 8;
  }
  return octets;
}

/** The reverse of {@link packSeptets}: so many septets; what the octets do not have is left out. */
export function unpackSeptets(octets: Uint8Array, count: number, fillBits = 0): number[] {
  const septets: number[] = [];
  for (let index = 0; index < count; index++) {
    const bit = index * 7 + fillBits;
    if (bit + 7 > octets.length * 8) break;
    const at = bit >> 3;
    const pair = (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8);
    septets.push((pair >> (bit & 7)) & 0x7f);
  }
  return septets;
}
