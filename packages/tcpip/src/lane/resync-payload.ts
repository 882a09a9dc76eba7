const CR = 0x0d;
const SPACE = 0x20;

/**
 * What to send when the prompt for `payload` did not come. Perhaps it was lost and the module
 * waits for exactly so many bytes; perhaps it does not, and reads them as command lines.
 *
 * The payload itself serves the first case best. Where it could do harm in the second, because a
 * line of it begins with `AT`, as many spaces are sent instead: the peer may get those, on a
 * connection that is given up anyway, but no payload becomes a command.
 */
export function resyncPayload(payload: Uint8Array): Uint8Array {
  return holdsCommand(payload) ? padding(payload.length) : payload;
}

/** What is sent in place of a payload that no peer may receive. */
export function padding(length: number): Uint8Array {
  return new Uint8Array(length).fill(SPACE);
}

/** Whether a line of it begins with `AT` after control characters and spaces. */
function holdsCommand(payload: Uint8Array): boolean {
  let beginning = true;
  for (let at = 0; at < payload.length; at++) {
    const byte = payload[at] as number;
    if (byte === CR) beginning = true;
    else if (beginning && byte > SPACE) {
      if (letter(byte) === 'a' && letter(payload[at + 1]) === 't') return true;
      beginning = false;
    }
  }
  return false;
}

function letter(byte: number | undefined): string {
  return String.fromCharCode(byte ?? 0).toLowerCase();
}
