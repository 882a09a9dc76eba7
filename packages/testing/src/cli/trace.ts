import type { EmulatorEvent, Printed } from '../emulator/events.js';

/** Bytes of one event that are shown. */
const SHOWN = 120;

const ARROWS: Readonly<Record<Printed, string>> = {
  echo: '<~~',
  answer: '<--',
  prompt: '<--',
  report: '<<-',
  data: '<==',
  frame: '<##',
};

/** One readable line for an event, `ms` after the first; undefined for one that another one tells. */
export function traceLine(event: EmulatorEvent, ms: number): string | undefined {
  const text = told(event);
  const port = event.port === undefined ? '' : `port ${event.port} `;
  return text === undefined ? undefined : `${(ms / 1_000).toFixed(3).padStart(9)} s ${port}${text}`;
}

function told(event: EmulatorEvent): string | undefined {
  switch (event.kind) {
    case 'received':
      return `--> ${visible(event.bytes)}`;
    case 'printed':
      return `${ARROWS[event.what]} ${visible(event.bytes)}`;
    case 'command':
    case 'payload':
      return undefined;
    case 'unknown':
      return `  ? AT${event.command} is unknown here`;
    case 'power':
      return `    power: ${event.power}`;
    case 'network':
      return `    network: ${event.network}`;
    case 'link':
      return `    link ${event.link}: ${event.state}`;
    case 'server':
      return `    server ${event.server}: ${event.listens === undefined ? 'stopped' : `port ${event.listens}`}`;
    case 'mode':
      return `    mode: ${event.mode}`;
    case 'ring pulse':
      return `    RI: ${event.duration} ms`;
    case 'fault':
      return `  ! ${event.fault}`;
  }
}

/** Printable ASCII as it is, line ends as ␍ and ␊, everything else in hexadecimal. */
function visible(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, SHOWN)) {
    if (byte === 0x0d) text += '␍';
    else if (byte === 0x0a) text += '␊';
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return bytes.length > SHOWN ? `${text} … (${bytes.length} bytes)` : text;
}
