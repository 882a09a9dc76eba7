import { readPage } from '../../networks/mobile/tpdu/cell-broadcast.js';
import { hexOf } from '../../networks/mobile/tpdu/hex.js';
import { characterSetOf, toHost } from '../mobile/character-set.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { indicate } from './arrival.js';
import { mailboxOf } from './mailbox.js';

/** Numbers from one to another, both included. */
type Range = readonly [first: number, last: number];

/** `AT+CSCB`: which broadcasts are wanted. */
export interface BroadcastFilter {
  /** 0 wants what is listed, 1 everything else. */
  mode: number;
  channels: readonly Range[];
  codings: readonly Range[];
}

/** Which broadcasts a module wants; a restart wants all again. */
export const broadcastFilterOf = perModule((module) => {
  const filter: BroadcastFilter = everything();
  module.watchPower((power) => {
    if (power === 'off') Object.assign(filter, everything());
  });
  return filter;
});

function everything(): BroadcastFilter {
  return { mode: 1, channels: [], codings: [] };
}

/** Prints a page where `AT+CSCB` wants it and `AT+CNMI` hands it over (3GPP TS 27.005, 3.4.1). */
export function hearBroadcast(octets: Uint8Array, module: Module): void {
  const mailbox = mailboxOf(module);
  const page = readPage(octets);
  const { mode, channels, codings } = broadcastFilterOf(module);
  const listed = has(channels, page.channel) || has(codings, page.coding);
  if (mailbox.indications.bm !== HANDED_OVER || listed !== (mode === 0)) return;
  const { serial, channel, coding, number, count, text } = page;
  const shown = toHost(text, characterSetOf(module).current);
  indicate(
    mailbox.textMode
      ? `+CBM: ${[serial, channel, coding, number, count].join()}\r\n${shown}`
      : `+CBM: ${octets.length}\r\n${hexOf(octets)}`,
    module,
  );
}

/** `<bm>` of `AT+CNMI` that prints broadcasts. */
const HANDED_OVER = 2;

function has(ranges: readonly Range[], value: number): boolean {
  return ranges.some(([first, last]) => value >= first && value <= last);
}

/**
 * Reads a list of numbers and ranges.
 *
 * @param text For instance `0,1,320-478`; empty for none.
 * @returns undefined where it is no such list.
 */
export function rangesOf(text: string): Range[] | undefined {
  if (text === '') return [];
  const ranges = text.split(',').map((part): Range | undefined => {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (match === null) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    return last <= 65_535 && first <= last ? [first, last] : undefined;
  });
  return ranges.includes(undefined) ? undefined : (ranges as Range[]);
}

/** A list as it is shown. */
export function rangesText(ranges: readonly Range[]): string {
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join();
}
