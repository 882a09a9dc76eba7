/** Whether a text is an IP address, and of which version; 0 for none. */
export function ipVersion(text: string): 0 | 4 | 6 {
  const parts = text.split('.');
  if (parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return 4;
  return /^[\da-f:.]+$/i.test(text) && text.includes(':') && URL.canParse(`http://[${text}]`) ? 6 : 0;
}

/**
 * An IP address as its bytes.
 *
 * @param address IPv4 or IPv6
 * @returns 4 or 16 bytes
 */
export function addressBytes(address: string): Uint8Array {
  if (ipVersion(address) === 4) return Uint8Array.from(address.split('.'), Number);
  // The parser of URLs writes an IPv4 tail (`::ffff:1.2.3.4`) in hexadecimal groups.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = '', right] = text.split('::');
  const groupsOf = (part: string) => part.split(':').filter(Boolean);
  const [first, last] = [groupsOf(left), groupsOf(right ?? '')];
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  const view = new DataView(new ArrayBuffer(16));
  for (const [index, group] of [...first, ...zeros, ...last].entries()) {
    view.setUint16(2 * index, Number.parseInt(group, 16));
  }
  return new Uint8Array(view.buffer);
}
