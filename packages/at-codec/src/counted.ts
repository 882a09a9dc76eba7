import { MAX_PIECE } from './commands/sending.js';
import type { CountedHeader } from './decoder/dialect.js';
import type { Line } from './decoder/events.js';

/**
 * The most that one block of another service can have. HTTP keeps up to 1 MB to be read at once
 * (AT command manual 16); the others announce less.
 */
const MAX_BLOCK = 1 << 20;

/** The blocks of TCP and UDP: read from the buffer, or pushed. */
export const socketBlocks: readonly CountedHeader[] = [
  {
    text: '+CIPRXGET',
    match: 'name',
    // Mode 2 is followed by as many bytes as it says, mode 3 by two hexadecimal digits for each.
    count: (line) => {
      const mode = line.int(0);
      if ((mode !== 2 && mode !== 3) || Number.isNaN(line.int(3))) return undefined;
      return (mode - 1) * line.int(2);
    },
    max: MAX_PIECE,
  },
  { text: '+IPD', match: 'prefix', count: (line) => line.int(0), max: MAX_PIECE },
  { text: '+RECEIVE', match: 'name', count: (line) => line.int(1), max: MAX_PIECE },
];

/** `+NAME: DATA,…,<length>`; other lines of the name are states and lengths without data. */
const behindData = (line: Line): number | undefined =>
  line.fields[0] === 'DATA' ? line.int(line.count - 1) : undefined;

/** As {@link behindData} on SIM7600; on A76xx a lone length, of which 0 is the end. */
const behindLength = (line: Line): number | undefined => (line.count === 1 ? line.int(0) : behindData(line));

/** The blocks of TLS, HTTP and MQTT, so that these never break the framing. */
export const otherBlocks: readonly CountedHeader[] = [
  { text: '+CCHRECV', match: 'name', count: behindData, max: MAX_BLOCK },
  { text: '+CHTTPSRECV', match: 'name', count: behindData, max: MAX_BLOCK },
  { text: '+HTTPREAD', match: 'name', count: behindLength, max: MAX_BLOCK },
  { text: '+HTTPHEAD', match: 'name', count: behindLength, max: MAX_BLOCK },
  { text: '+CMQTTRXTOPIC', match: 'name', count: (line) => line.int(1), max: MAX_BLOCK },
  { text: '+CMQTTRXPAYLOAD', match: 'name', count: (line) => line.int(1), max: MAX_BLOCK },
];
