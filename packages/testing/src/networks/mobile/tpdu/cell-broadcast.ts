import { packSeptets, textOfSeptets, unpackSeptets } from './alphabet.js';

/** One page of a cell broadcast (3GPP TS 23.041, 9.4.1.2). */
export interface BroadcastPage {
  readonly serial: number;
  readonly channel: number;
  readonly coding: number;
  /** From 1. */
  readonly number: number;
  readonly count: number;
  readonly septets: readonly number[];
}

/** Characters of one page, and its octets: a header of 6 and 82 of content. */
export const MAX_SEPTETS_OF_PAGE = 93;
const HEADER = 6;
const CONTENT = 82;

const CR = 0x0d;

/** The octets of a page; what is short is filled up with CR (3GPP TS 23.041, 9.4.2.2.5). */
export function page({ serial, channel, coding, number, count, septets }: BroadcastPage): Uint8Array {
  const padding = new Array<number>(MAX_SEPTETS_OF_PAGE - septets.length).fill(CR);
  const octets = new Uint8Array(HEADER + CONTENT);
  octets.set([serial >> 8, serial & 0xff, channel >> 8, channel & 0xff, coding, (number << 4) | count]);
  octets.set(packSeptets([...septets, ...padding], 0), HEADER);
  return octets;
}

/** A page as it is shown in text mode. */
export function readPage(octets: Uint8Array) {
  const [s1 = 0, s2 = 0, c1 = 0, c2 = 0, coding = 0, pages = 0] = octets;
  const septets = unpackSeptets(octets.subarray(HEADER), MAX_SEPTETS_OF_PAGE, 0);
  return {
    serial: (s1 << 8) | s2,
    channel: (c1 << 8) | c2,
    coding,
    number: pages >> 4,
    count: pages & 0x0f,
    text: textOfSeptets(septets).replace(/\r+$/, ''),
  };
}
