import type { AtEvent, Line } from '@a7600/at-codec';

/** What the lines mean that a module prints by itself, by their names. */
const MEANINGS: Readonly<Record<string, string>> = {
  '*ATREADY': 'the module has started; what was open or set before is gone',
  RDY: 'the module has started; what was open or set before is gone',
  '+CPIN': 'the state of the SIM',
  'SMS DONE': 'messages can be used',
  'PB DONE': 'the phonebook can be used',
  '+CREG': 'the registration has changed',
  '+CGREG': 'the registration in the packet network has changed',
  '+CEREG': 'the registration in LTE has changed',
  '+CGEV': 'an event of the packet network',
  '+CIPEVENT': 'the network was lost, and every socket with it',
  '+IPCLOSE': 'a socket has ended: link, and 0 from here, 1 by the peer, 2 by a timeout',
  '+CLIENT': 'a client has connected: link, server, address',
  '+CIPRXGET': 'data waits on a link: AT+CIPRXGET=2,LINK reads it',
  '+CMTI': 'a message has come: memory, number',
  RING: 'a call comes in',
  'NO CARRIER': 'a call, or the connection of data mode, has ended',
  BUSY: 'the other side of the call is busy',
  'NO ANSWER': 'the other side of the call does not answer',
  CLOSED: 'the transparent connection has ended',
};

/** What a line means that nothing asked for, where it is known. */
export function meaningOf({ name, text }: Pick<Line, 'name' | 'text'>): string | undefined {
  return MEANINGS[name] ?? MEANINGS[text];
}

/** A line that nothing asked for, with its meaning where it is known. */
export function explained(line: Line): string {
  const meaning = meaningOf(line);
  return meaning === undefined ? line.text : `${line.text}   (${meaning})`;
}

/** Bytes as a person reads them: text as it is, other bytes in hexadecimal. */
export function readable({ raw }: Pick<AtEvent, 'raw'>): string {
  return Array.from(raw, (byte) =>
    byte === 0x0a || (byte >= 0x20 && byte < 0x7f)
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}

/** Bytes written as `hex 48 65 6c 6c 6f`; undefined for a line that is meant as text. Throws for damaged digits. */
export function hexadecimal(text: string): Uint8Array | undefined {
  const [, digits] = /^hex\s+(.*)$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const pairs = digits.replaceAll(/[\s:]/g, '');
  if (!/^(?:[0-9a-f]{2})+$/i.test(pairs))
    throw new RangeError(`"${digits}" has no whole bytes in hexadecimal.`);
  return Uint8Array.from(pairs.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
