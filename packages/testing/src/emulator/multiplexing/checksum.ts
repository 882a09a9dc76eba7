/** x⁸ + x² + x + 1 without its highest term (3GPP TS 27.010, 5.2.1.6). */
const POLYNOMIAL = 0x07;

/**
 * The frame check sequence of 3GPP TS 27.010 by long division: the bits of each byte in the order in which
 * the line carries them, which is the lowest first.
 */
export function checksum(bytes: readonly number[]): number {
  let remainder = 0xff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const differs = remainder >> 7 !== ((byte >> bit) & 1);
      remainder = ((remainder << 1) & 0xff) ^ (differs ? POLYNOMIAL : 0);
    }
  }
  // It goes over the line complemented, its highest coefficient first.
  let sequence = 0;
  for (let bit = 0; bit < 8; bit++) sequence |= (((remainder >> bit) & 1) ^ 1) << (7 - bit);
  return sequence;
}
