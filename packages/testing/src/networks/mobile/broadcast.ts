import { septetsOf } from './tpdu/alphabet.js';
import { MAX_SEPTETS_OF_PAGE, page } from './tpdu/cell-broadcast.js';

/** A message to every terminal in the cell (3GPP TS 23.041). */
export interface CellBroadcast {
  /** What it is about, 0 to 65535: the message identifier, or channel. */
  readonly channel: number;
  /** Characters of the GSM 7-bit alphabet. Throws a `RangeError` for others. */
  readonly text: string;
  /** Tells this message from others of its channel. Default 0. */
  readonly serial?: number;
}

/** Most pages of one message. */
const MAX_PAGES = 15;

/**
 * Cuts a broadcast into its pages.
 *
 * @returns The octets of each page. Throws a `RangeError` where the text is too long or not of the alphabet.
 */
export function pagesOf({ channel, text, serial = 0 }: CellBroadcast): Uint8Array[] {
  const septets = septetsOf(text);
  const count = Math.max(1, Math.ceil((septets?.length ?? 0) / MAX_SEPTETS_OF_PAGE));
  if (septets === undefined || count > MAX_PAGES) {
    throw new RangeError(`A cell broadcast has up to ${MAX_PAGES} pages of the GSM 7-bit alphabet.`);
  }
  return Array.from({ length: count }, (_, index) =>
    page({
      serial,
      channel,
      coding: UNSPECIFIED_LANGUAGE,
      number: index + 1,
      count,
      septets: septets.slice(index * MAX_SEPTETS_OF_PAGE, (index + 1) * MAX_SEPTETS_OF_PAGE),
    }),
  );
}

/** The 7-bit alphabet in an unspecified language (3GPP TS 23.038, 5). */
const UNSPECIFIED_LANGUAGE = 0x0f;
