import type { FullTraceEntry } from '@a7600/tcpip';
import pc from 'picocolors';

/** Bytes of a payload that are shown. */
const SHOWN = 32;

/** Formats a step of the dialogue as one line; `since` is the time of the first step, in ms. */
export function formatTrace(entry: FullTraceEntry, since: number): string {
  const port = entry.port === undefined ? '' : ` ${entry.port.padEnd('control'.length)}`;
  const time = pc.dim(`${((entry.at - since) / 1000).toFixed(3).padStart(9)} s${port}`);
  switch (entry.kind) {
    case 'command':
      return `${time} ${pc.cyan('-->')} ${entry.text}␍`;
    case 'payload':
      return `${time} ${pc.cyan('==>')} ${shortened(entry.bytes)}`;
    case 'counted':
      return `${time} ${pc.yellow('!!!')} ${entry.counter}: ${entry.total}`;
    case 'received':
      return ['payload', 'payload-echo', 'noise'].includes(entry.event.kind)
        ? `${time} ${pc.green('<==')} ${shortened(entry.event.raw)}`
        : `${time} ${pc.green('<--')} ${visible(entry.event.raw)} ${pc.dim(entry.event.kind)}`;
  }
}

function shortened(bytes: Uint8Array): string {
  const rest = bytes.length > SHOWN ? pc.dim(' …') : '';
  return `${pc.dim(`${bytes.length} bytes:`)} ${visible(bytes.subarray(0, SHOWN))}${rest}`;
}

/** Printable ASCII as it is, line ends as ␍ and ␊, everything else in hexadecimal. */
function visible(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0x0d) text += '␍';
    else if (byte === 0x0a) text += '␊';
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
