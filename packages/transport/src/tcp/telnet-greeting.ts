import { IAC, WILL } from './telnet.js';

/** Options that terminal servers negotiate, by their number (IANA, telnet-options). */
const OPTIONS: Readonly<Record<number, string>> = {
  0: 'BINARY',
  1: 'ECHO',
  3: 'SUPPRESS-GO-AHEAD',
  5: 'STATUS',
  6: 'TIMING-MARK',
  24: 'TERMINAL-TYPE',
  31: 'NAWS',
  32: 'TERMINAL-SPEED',
  33: 'REMOTE-FLOW-CONTROL',
  34: 'LINEMODE',
  39: 'NEW-ENVIRON',
  44: 'COM-PORT-OPTION',
};

/**
 * The Telnet options that a server negotiates with the first bytes of a connection; empty when it
 * does not speak Telnet. Two negotiations in a row, or one alone, of options that terminal servers
 * use: bytes that a device on a raw port sends by chance look like that in less than one of 10^9
 * connections.
 */
export function telnetGreeting(first: Uint8Array): string[] {
  const names: string[] = [];
  let at = 0;
  while (first[at] === IAC && (first[at + 1] ?? 0) >= WILL) {
    const name = OPTIONS[first[at + 2] ?? -1];
    if (name === undefined) break;
    names.push(name);
    at += 3;
  }
  return names.length > 1 || (names.length === 1 && at === first.length) ? [...new Set(names)] : [];
}
