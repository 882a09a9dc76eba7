import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, type Part, type Reply } from '../at/reply.js';
import { optional } from '../at/values.js';
import type { Module } from '../module.js';
import { ipError, linkAt } from './errors.js';

/** The most bytes of one read; half of it in hexadecimal. */
const MAX_READ = 1500;

/** Receiving in buffer access mode (protocol 3.5, 9.4). */
export const receive: readonly Behaviour[] = [
  {
    command: '+CIPRXGET',
    test: (_, { profile }) => ok(`+CIPRXGET: ${profile.readRanges}`),
    read: (_, { settings }) => ok(`+CIPRXGET: ${settings.buffered ? 1 : 0}`),
    write: ({ values }, module) => handle(values, module),
  },
];

function handle([mode, linkText, maxText, ...more]: readonly string[], module: Module): Reply {
  const { settings, profile } = module;
  if (linkText === undefined && (mode === '0' || mode === '1')) return setMode(mode === '1', module);
  if (linkText === undefined && mode === '5' && profile.notifiesAddress) {
    settings.notifiesAddress = true;
    settings.buffered = true;
    return ok();
  }
  const link = linkAt(linkText, module);
  const most = mode === '3' ? MAX_READ / 2 : MAX_READ;
  const max = optional(maxText, 1, most, most);
  if (link === undefined || max === undefined || more.length > 0) return ipError('Invalid parameter', module);
  if (!settings.buffered && !profile.readsWhilePushing) return ipError('Operation not supported', module);
  if (mode === '4') return ok(`+CIPRXGET: 4,${link.number},${link.unread.length}`);
  if (mode !== '2' && mode !== '3') return ipError('Invalid parameter', module);
  if (link.unread.length === 0) {
    return profile.emptyRead === 'error'
      ? ipError('No data', module)
      : ok(`+CIPRXGET: ${mode},${link.number},0,0`);
  }
  const bytes = link.read(max, module.sockets.readsDatagrams && link.use.type !== 'TCP');
  const header = `+CIPRXGET: ${mode},${link.number},${bytes.length},${link.unread.length}`;
  const parts: Part[] = [header, mode === '3' ? hexText(bytes) : bytes];
  return { ...ok(), units: [{ parts, open: profile.readEnd === 1 }] };
}

/** Back to direct push: what is buffered is pushed (manual S300). */
function setMode(buffered: boolean, { settings, delivery }: Module): Reply {
  settings.buffered = buffered;
  if (buffered) return ok();
  settings.notifiesAddress = false;
  return okThen(() => delivery.flush());
}

const DIGITS = '0123456789ABCDEF';

function hexText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (DIGITS[byte >> 4] ?? '') + (DIGITS[byte & 15] ?? '');
  return text;
}
