import { REDACTED } from './format.js';

/**
 * What in a line is nobody's business, as what stands in front of it and the secret itself: APN
 * and passwords, PINs, phone numbers, IMSI, ICCID, IMEI, and whatever stands behind them in quotes.
 */
const SECRETS: readonly RegExp[] = [
  /(\+CGDCONT(?:=|: )\d+,"[^"]*",")([^"]*)/g,
  /(\+CGAUTH=\d+,\d+,")([^\r\n]*)/g,
  /(\+C?PIN2?=)([^\r\n]*)/gi,
  /(\+CLCK=[^,]*,\d,)([^\r\n]*)/g,
  /(\+CPWD=[^,]*,)([^\r\n]*)/g,
  /(\+CMG[SW]=)([^\r\n]*)/g,
  /(ATD)([^\r\n;]*)/gi,
  /(\+(?:CLIP|CMT|CMTI|CLCC|CNUM|CDS|CMGR|CMGL): [^"\r\n]*")([^"]*)/g,
  /(\+ICCID: )(\w+)/g,
  /(\+SIMEI: |IMEI: ?)(\w+)/g,
  // IMEI and IMSI are 15 digits, an ICCID 19 or 20, and often stand alone on their line.
  /((?:^|[^\d]))(\d{15}|\d{19,20})(?=[^\d]|$)/g,
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

/** Payload that follows in the other direction once the device has asked for it with `>`. */
export function promisedPayload(sent: string): number {
  const match =
    /AT\+(?:CIPSEND=\d+,|CCHSEND=\d+,|CMQTTPAYLOAD=\d+,|CMQTTTOPIC=\d+,|HTTPDATA=)(\d+)[^\r]*\r\n?$/i.exec(
      sent,
    );
  return match === null ? 0 : Number(match[1]);
}

/** Bytes that follow a line of the device as payload. */
export function announcedPayload(line: string): number {
  const read = /^\+CIPRXGET: ([23]),\d+,(\d+),/.exec(line);
  if (read !== null) return Number(read[2]) * (read[1] === '3' ? 2 : 1);
  const pushed =
    /^(?:\+IPD[(, ]?|\+RECEIVE,\d+,|\+CCHRECV: DATA,\d+,|\+HTTPREAD: (?:DATA,)?)(\d+)\)?:?$/.exec(line);
  return pushed === null ? 0 : Number(pushed[1]);
}
