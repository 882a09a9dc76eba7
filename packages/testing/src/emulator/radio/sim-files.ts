import { addressOf, printCentre } from '../../networks/mobile/tpdu/address.js';
import { nearestSeptets } from '../mobile/character-set.js';
import { subscriberOf } from '../mobile/subscriber.js';
import type { Module } from '../module.js';

/** A file of the SIM: transparent, or of records of one size (3GPP TS 31.102, 4.2). */
export interface SimFile {
  readonly content: Uint8Array;
  /** Size of a record, where it has records. */
  readonly record?: number;
}

/** The files that are there, by their identifiers. */
export function simFile(id: number, module: Module): SimFile | undefined {
  const { identity } = module.profile;
  switch (id) {
    case 0x2fe2:
      return { content: swappedDigits(identity.iccid) };
    case 0x6f07:
      return { content: imsiOctets(identity.imsi) };
    case 0x6f46:
      return { content: named(module.surroundings.operator) };
    case 0x6fad:
      // The last octet is how many digits the network's part of the IMSI's code has.
      return { content: Uint8Array.of(0, 0, 0, networkDigits(module)) };
    case 0x6f40:
      return { content: ownNumber(subscriberOf(module).attachment.number), record: OWN_NUMBER };
    default:
      return undefined;
  }
}

/** Octets of a record of EF MSISDN: a name of 14, a number of 10, two that refer to others, an empty one. */
const OWN_NUMBER = 28;
const NAME = 14;

function ownNumber(number: string): Uint8Array {
  const record = new Uint8Array(OWN_NUMBER).fill(0xff);
  record.set(printCentre(addressOf(number)).subarray(0, 12), NAME);
  return record;
}

/** EF SPN: what to show with it, then its name in 16 octets (3GPP TS 31.102, 4.2.12). */
function named(name: string): Uint8Array {
  const content = new Uint8Array(17).fill(0xff);
  content[0] = 0;
  content.set(nearestSeptets(name).slice(0, 16), 1);
  return content;
}

/** EF IMSI: its length, then its digits after a 9 that says that they are odd in number. */
function imsiOctets(imsi: string): Uint8Array {
  const octets = swappedDigits(`9${imsi}`);
  return Uint8Array.of(octets.length, ...octets);
}

function swappedDigits(digits: string): Uint8Array {
  const even = digits.length % 2 === 0 ? digits : `${digits}f`;
  return Uint8Array.from(even.match(/../g) ?? [], ([low, high]) => Number.parseInt(`${high}${low}`, 16));
}

function networkDigits({ surroundings }: Module): number {
  return (surroundings.plmn.split('-')[1] ?? '').length;
}
