/** From the epoch of NTP, 1900, to that of Unix, in s. */
const EPOCH = 2_208_988_800;

const PACKET = 48;
/** Where the transmit time stamp stands (RFC 4330, 4). */
const TRANSMITTED = 40;

/** What a client asks a time server: version 4, mode 3 (RFC 4330, 5). */
export function ntpRequest(): Uint8Array {
  const packet = new Uint8Array(PACKET);
  packet[0] = 0x23;
  return packet;
}

/** The time in a server's answer, in ms since 1970; undefined when it is none. */
export function ntpTime(packet: Uint8Array): number | undefined {
  if (packet.length < PACKET || ((packet[0] ?? 0) & 7) !== 4) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const seconds = view.getUint32(TRANSMITTED);
  if (seconds === 0) return undefined;
  return (seconds - EPOCH) * 1000 + Math.floor((view.getUint32(TRANSMITTED + 4) / 0x1_0000_0000) * 1000);
}
