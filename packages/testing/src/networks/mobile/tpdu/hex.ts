/** Upper case, no spaces, as AT commands show octets. */
export function hexOf(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += octet.toString(16).padStart(2, '0').toUpperCase();
  return text;
}

/** The octets of an even number of hexadecimal digits, or undefined. */
export function octetsOf(hex: string): Uint8Array | undefined {
  if (!/^([0-9a-f]{2})*$/i.test(hex)) return undefined;
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
