import { split } from '../redaction/split.js';

/** Payload of any length, which Ctrl-Z or ESC ends. */
export const UNTIL_CTRL_Z = Number.POSITIVE_INFINITY;

/** Commands whose payload Ctrl-Z ends (3GPP TS 27.005, 3.5). */
const TEXTS: ReadonlySet<string> = new Set(['CMGS', 'CMGW', 'CMGSEX', 'CMGC', 'CNMA']);

/** Which of its values, from 0, is the length of what follows a command (AT command manual, chapters 9, 11, 16 to 19). */
const LENGTHS: ReadonlyMap<string, number> = new Map([
  ...['CHTTPSSEND', 'HTTPDATA'].map((name) => [name, 0] as const),
  ...['CIPSEND', 'CCHSEND', 'CCERTDOWN', 'CFTRANRX'].map((name) => [name, 1] as const),
  ...['TOPIC', 'PAYLOAD', 'WILLTOPIC', 'WILLMSG', 'SUBTOPIC', 'SUB', 'UNSUBTOPIC', 'UNSUB'].map(
    (name) => [`CMQTT${name}`, 1] as const,
  ),
]);
/** Without a length, its payload ends with Ctrl-Z. */
const ANY_LENGTH = 'CIPSEND';

/** Bytes of payload that the host is about to send after a command line. */
export function promisedPayload(line: string): number {
  const [, name = '', parameters = ''] =
    /^[^"=]*?[+#$]([A-Z]+)=(?!\?)(.*)$/i.exec(split(line, ';').at(-1)?.replaceAll(/\s/g, '') ?? '') ?? [];
  const command = name.toUpperCase();
  if (TEXTS.has(command)) return UNTIL_CTRL_Z;
  const index = LENGTHS.get(command);
  if (index === undefined) return 0;
  const value = split(parameters, ',')[index] ?? '';
  return value === '' && command === ANY_LENGTH ? UNTIL_CTRL_Z : Number(/^\d+$/.exec(value) ?? 0);
}

/** Payload whose length is not legible: a result ends it. */
export const UNTIL_RESULT = Number.POSITIVE_INFINITY;

/** Lines before payload, as far as their length, also where the line has lost what stood before them. */
const HEADERS =
  /\+(?:CIPRXGET\s*:\s*[23]\s*,\s*\d+\s*,|IPD(?!\s*:)|RECEIVE\s*[,:]\s*\d+\s*,|CCHRECV\s*:\s*DATA\s*,\s*\d+\s*,|(?:HTTPREAD|HTTPHEAD|CHTTPSRECV|CFTRANTX)\s*:(?:\s*DATA\s*,)?|CMQTTRX(?:TOPIC|PAYLOAD)\s*:\s*\d+\s*,)\s*/;
/** These are results, too: without a number they announce nothing. */
const RESULTS = /\+(?:HTTPREAD|HTTPHEAD|CHTTPSRECV|CFTRANTX)\s*:\s*[A-Z]/;

/** Bytes that follow a line of the device as payload. */
export function announcedPayload(line: string): number {
  const header = HEADERS.exec(line);
  if (header === null) return 0;
  const length = /^[(, ]*(\d+)\s*(?:\)?:?$|,)/.exec(line.slice(header.index + header[0].length))?.[1];
  if (length === undefined) return RESULTS.test(line) ? 0 : UNTIL_RESULT;
  return Number(length) * (/CIPRXGET\s*:\s*3/.test(line) ? 2 : 1);
}
