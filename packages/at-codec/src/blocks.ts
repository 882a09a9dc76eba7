import { MAX_PAYLOAD } from './commands/sending.js';
import type { BlockHeader, Line } from './decoder/line.js';

/**
 * The longest block of another service in bytes. HTTP returns up to 1 MB at once (AT command manual
 * 16); the others return less.
 */
const MAX_BLOCK = 1 << 20;

/** The blocks of TCP and UDP: buffered reads and pushes. */
export const socketBlocks: readonly BlockHeader[] = [
  {
    text: '+CIPRXGET',
    match: 'name',
    // In mode 2 the stated number of bytes follows, in mode 3 two hexadecimal digits for each byte.
    length: (line) => {
      const mode = line.int(0);
      if ((mode !== 2 && mode !== 3) || Number.isNaN(line.int(3))) return undefined;
      return (mode - 1) * line.int(2);
    },
    max: MAX_PAYLOAD,
  },
  { text: '+IPD', match: 'prefix', length: (line) => line.int(0), max: MAX_PAYLOAD },
  { text: '+RECEIVE', match: 'name', length: (line) => line.int(1), max: MAX_PAYLOAD },
];

/** The length in `+NAME: DATA,…,<length>`. Other lines of that name carry no data. */
const dataLength = (line: Line): number | undefined =>
  line.fields[0] === 'DATA' ? line.int(line.fieldCount - 1) : undefined;

/** The same on SIM7600; a lone length on A76xx, where 0 ends the transfer. */
const lastLength = (line: Line): number | undefined =>
  line.fieldCount === 1 ? line.int(0) : dataLength(line);

/** The blocks of TLS, HTTP and MQTT, so that their payload is never taken for lines. */
export const otherBlocks: readonly BlockHeader[] = [
  { text: '+CCHRECV', match: 'name', length: dataLength, max: MAX_BLOCK },
  { text: '+CHTTPSRECV', match: 'name', length: dataLength, max: MAX_BLOCK },
  { text: '+HTTPREAD', match: 'name', length: lastLength, max: MAX_BLOCK },
  { text: '+HTTPHEAD', match: 'name', length: lastLength, max: MAX_BLOCK },
  { text: '+CMQTTRXTOPIC', match: 'name', length: (line) => line.int(1), max: MAX_BLOCK },
  { text: '+CMQTTRXPAYLOAD', match: 'name', length: (line) => line.int(1), max: MAX_BLOCK },
];
