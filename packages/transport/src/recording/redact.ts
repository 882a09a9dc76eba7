import { REDACTED } from './format.js';

/**
 * What in a line is nobody's business, as what stands before it and the secret itself: APN
 * and passwords, PINs, phone numbers, IMSI, ICCID, IMEI, and whatever stands after them in quotes.
 */
const SECRETS: readonly RegExp[] = [
  /(\+(?:CGDCONT|CGSOCKCONT)(?:=|: ?)\d+,"?[^",\r\n]*"?,"?)([^",\r\n]*)/gi,
  /(\+CGCONTRDP: ?\d+,\d*,"?)([^",\r\n]*)/gi,
  /(\+(?:CGAUTH|CSOCKAUTH)(?:=|: ?)\d+,\d+,)([^\r\n]*)/gi,
  /(\+CSTT=)([^\r\n]*)/gi,
  /(\+CMQTTCONNECT=\d+,"[^"]*",\d+,\d,)([^\r\n]*)/gi,
  /(\+C?PIN2?=)([^\r\n]*)/gi,
  /(\+CLCK=[^,]*,\d,)([^\r\n]*)/gi,
  /(\+CPWD=[^,]*,)([^\r\n]*)/gi,
  /(\+CMG[SW]=)([^\r\n]*)/gi,
  /(ATD)([^\r\n;]*)/gi,
  /(\+(?:CLIP|CMT|CDS): [^"\r\n]*")([^"]*)/gi,
  // A phone number wherever it is quoted; the number of a network has 5 or 6 digits.
  /(")(\+?\d{7,})(?=")/g,
  /(\+ICCID: ?)(\w+)/gi,
  /(\+SIMEI: ?|IMEI: ?)(\w+)/gi,
  // IMEI and IMSI are 15 or 16 digits, an ICCID 19 or 20, and often stand alone on their line.
  /((?:^|[^\d]))(\d{15,20})(?=[^\d]|$)/g,
];

/** Takes the secrets out of a text, each character for itself. */
export function redactText(text: string): string {
  return SECRETS.reduce(
    (redacted, pattern) =>
      redacted.replace(pattern, (_, before: string, secret: string) => before + hidden(secret)),
    text,
  );
}

/** As many placeholders as there are characters. */
export function hidden(text: string): string {
  return REDACTED.repeat(text.length);
}

/** Payload of any length, which Ctrl-Z or ESC ends. */
export const UNTIL_CTRL_Z = Number.POSITIVE_INFINITY;

/** Bytes of payload that the host is about to send behind a command. */
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
