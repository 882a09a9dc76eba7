/** Payload of any length, which Ctrl-Z or ESC ends. */
export const UNTIL_CTRL_Z = Number.POSITIVE_INFINITY;

/** Bytes of payload that the host is about to send after a command. */
export function promisedPayload(command: string): number {
  if (/\+CMG[SW]=[^?]/i.test(command)) return UNTIL_CTRL_Z;
  const match =
    /\+(?:CIPSEND=\d+,|CCHSEND=\d+,|CMQTT(?:WILL)?(?:PAYLOAD|TOPIC|MSG)=\d+,|HTTPDATA=)(\d*)/i.exec(command);
  if (match === null) return 0;
  return match[1] === '' ? UNTIL_CTRL_Z : Number(match[1]);
}

/** Bytes that follow a line of the device as payload. */
export function announcedPayload(line: string): number {
  const read = /^\+CIPRXGET: ([23]),\d+,(\d+),/.exec(line);
  if (read !== null) return Number(read[2]) * (read[1] === '3' ? 2 : 1);
  const pushed =
    /^(?:\+IPD[(, ]?|\+RECEIVE,\d+,|\+CCHRECV: DATA,\d+,|\+HTTPREAD: (?:DATA,)?)(\d+)\)?:?$/.exec(line);
  return pushed === null ? 0 : Number(pushed[1]);
}
