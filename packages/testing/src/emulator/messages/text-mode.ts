import { type Address, dialled } from '../../networks/mobile/tpdu/address.js';
import { hexOf, octetsOf } from '../../networks/mobile/tpdu/hex.js';
import { timeText } from '../../networks/mobile/tpdu/time-stamp.js';
import {
  type Deliver,
  HEADER,
  parseReceived,
  parseSubmit,
  type StatusReport,
  type Submit,
} from '../../networks/mobile/tpdu/tpdu.js';
import {
  alphabetOf,
  MAX_OCTETS,
  textIn,
  type UserData,
  userData,
} from '../../networks/mobile/tpdu/user-data.js';
import { type CharacterSet, fromHost, nearestSeptets, toHost } from '../mobile/character-set.js';
import { STATUS, type StoredMessage } from './store.js';

/** How messages are shown in text mode. */
export interface TextFormat {
  readonly set: CharacterSet;
  /** `AT+CSDH=1`. */
  readonly details: boolean;
  /** What stands where a phonebook's name would: `""` or nothing. */
  readonly noName: string;
}

/** A message in text mode: the values after `<stat>`, and its data where it has some. */
export interface TextMessage {
  readonly values: string;
  readonly data: string | undefined;
}

/** A message as `AT+CMGR` and `AT+CMGL` show it; undefined when its octets are no message. */
export function shown(message: StoredMessage, format: TextFormat): TextMessage | undefined {
  const stored = message.status === STATUS.unsent || message.status === STATUS.sent;
  const tpdu = stored ? parseSubmit(message.octets) : parseReceived(message.octets);
  switch (tpdu?.kind) {
    case undefined:
      return undefined;
    case 'submit':
      return { values: submitValues(tpdu, message.centre, format), data: shownData(tpdu.data, format.set) };
    case 'deliver':
      return { values: deliverValues(tpdu, message.centre, format), data: shownData(tpdu.data, format.set) };
    case 'status report':
      return { values: reportValues(tpdu, format.set), data: undefined };
  }
}

/** `<oa>,[<alpha>],<scts>[,<tooa>,<fo>,<pid>,<dcs>,<sca>,<tosca>,<length>]` (3GPP TS 27.005, 3.4.1). */
export function deliverValues(
  { from, at, flags, protocol, data }: Deliver,
  centre: Address | undefined,
  { set, details, noName }: TextFormat,
): string {
  const shortForm = `${quoted(from, set)},${noName},"${timeText(at)}"`;
  const tail = [from.type, flags, protocol, data.coding, ...centreValues(centre, set), data.length];
  return details ? `${shortForm},${tail.join()}` : shortForm;
}

/** `<fo>,<mr>,[<ra>],[<tora>],<scts>,<dt>,<st>`. */
export function reportValues(
  { flags, reference, to, at, discharged, status }: StatusReport,
  set: CharacterSet,
): string {
  return `${flags},${reference},${quoted(to, set)},${to.type},"${timeText(at)}","${timeText(discharged)}",${status}`;
}

/** `<da>,[<alpha>][,<toda>,<fo>,<pid>,<dcs>,[<vp>],<sca>,<tosca>,<length>]`. */
function submitValues(
  { to, flags, protocol, validity, data }: Submit,
  centre: Address | undefined,
  { set, details, noName }: TextFormat,
): string {
  const shortForm = `${quoted(to, set)},${noName}`;
  const period = validity.length === 1 ? String(validity[0]) : '';
  const tail = [to.type, flags, protocol, data.coding, period, ...centreValues(centre, set), data.length];
  return details ? `${shortForm},${tail.join()}` : shortForm;
}

/** 7-bit text in the host's character set, everything else in hexadecimal (3GPP TS 27.005, 3.1, `<data>`). */
export function shownData(data: UserData, set: CharacterSet): string {
  const readable = alphabetOf(data.coding) === '7-bit' && !data.hasHeader;
  return readable ? toHost(textIn(data), set) : hexOf(data.octets);
}

/**
 * User data of what the host has typed in text mode.
 *
 * @param header A header without its length, for one part of a longer message.
 * @returns undefined where the text is not of the character set, or too long.
 */
export function typedData(
  typed: string,
  set: CharacterSet,
  { flags, coding }: { readonly flags: number; readonly coding: number },
  header = new Uint8Array(),
): UserData | undefined {
  if (alphabetOf(coding) === '7-bit' && (flags & HEADER) === 0) {
    const text = fromHost(typed, set);
    const data = text === undefined ? undefined : userData(nearestSeptets(text), coding, header);
    return data !== undefined && data.octets.length <= MAX_OCTETS ? data : undefined;
  }
  const octets = octetsOf(typed);
  if (octets === undefined || octets.length + header.length > MAX_OCTETS) return undefined;
  const data = userData(octets, coding, header);
  return { ...data, hasHeader: data.hasHeader || (flags & HEADER) !== 0 };
}

function quoted(address: Address, set: CharacterSet): string {
  return `"${toHost(dialled(address), set)}"`;
}

function centreValues(centre: Address | undefined, set: CharacterSet): (string | number)[] {
  return centre === undefined ? ['""', 129] : [quoted(centre, set), centre.type];
}
