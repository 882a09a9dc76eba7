import type { BlockHeader, Line } from './decoder/line.js';

/*
 * Short messages. Their text comes from anybody who knows the number, and may imitate any line of the
 * module, so it is read by its length (3GPP TS 27.005, 3.1). Text mode states a length only if
 * `AT+CSDH=1`; without it, the end of a message cannot be known.
 */

/** The longest message in characters: 140 octets with their header as hexadecimal digits, and an address. */
const MAX_MESSAGE = 512;

/** `<fo>`: the message has a user data header. */
const HAS_HEADER = 0x40;

/** The digits of a PDU whose length is field `index`, without the service centre's address. */
const pduLength = (line: Line, index: number): number | undefined =>
  line.fieldCount === index + 1 ? 2 * (1 + line.int(index)) : undefined;

/** The characters of a text whose `<fo>` is field `index` of `count` fields, the last of which is `<length>`. */
function textLength(line: Line, index: number, count: number): number | undefined {
  if (line.fieldCount !== count) return undefined;
  const length = line.int(count - 1);
  const hasHeader = (line.int(index) & HAS_HEADER) !== 0;
  if (!isSevenBit(line.int(index + 2))) return 2 * length;
  return hasHeader ? 2 * Math.ceil((length * 7) / 8) : length;
}

/** Whether a data coding scheme is the default alphabet, which is printed as text (3GPP TS 23.038, 4). */
function isSevenBit(coding: number): boolean {
  const group = coding >> 4;
  if (group < 8) return (coding & 0x0c) === 0;
  return group === 15 ? (coding & 0x04) === 0 : group !== 14;
}

const headers: readonly Omit<BlockHeader, 'match' | 'max'>[] = [
  {
    // `[<alpha>],<length>`, or `<oa>,[<alpha>],<scts>,<tooa>,<fo>,<pid>,<dcs>,<sca>,<tosca>,<length>`.
    text: '+CMT',
    length: (line) => pduLength(line, 1) ?? textLength(line, 4, 10),
    hasServiceCentre: (line) => line.fieldCount === 2,
  },
  {
    // `<length>`; in text mode a status report has no text.
    text: '+CDS',
    length: (line) => pduLength(line, 0),
    hasServiceCentre: () => true,
  },
  {
    // `<length>`; in text mode a broadcast states none.
    text: '+CBM',
    length: (line) => (line.fieldCount === 1 ? 2 * line.int(0) : undefined),
  },
  {
    // `<stat>,[<alpha>],<length>`, or `<stat>` and the fields of `+CMT`.
    text: '+CMGR',
    length: (line) => pduLength(line, 2) ?? textLength(line, 5, 11),
    hasServiceCentre: (line) => line.fieldCount === 3,
  },
  {
    // `<index>,<stat>,[<alpha>],<length>`.
    text: '+CMGL',
    length: (line) => pduLength(line, 3),
    hasServiceCentre: () => true,
  },
];

/** The blocks of short messages: delivered directly, and read from the store. */
export const messageBlocks: readonly BlockHeader[] = /* @__PURE__ */ headers.map((header) => ({
  ...header,
  match: 'name',
  max: MAX_MESSAGE,
}));
