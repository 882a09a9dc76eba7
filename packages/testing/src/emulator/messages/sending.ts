import {
  type Address,
  addressOf,
  INTERNATIONAL,
  isDiallable,
  parseCentre,
} from '../../networks/mobile/tpdu/address.js';
import { octetsOf } from '../../networks/mobile/tpdu/hex.js';
import { HEADER, parseSubmit, printTpdu, type Submit } from '../../networks/mobile/tpdu/tpdu.js';
import type { UserData } from '../../networks/mobile/tpdu/user-data.js';
import { remembered } from '../behaviours/remembered.js';
import { characterSetOf, numberFromHost } from '../mobile/character-set.js';
import { subscriberOf } from '../mobile/subscriber.js';
import type { Module } from '../module.js';
import { mailboxOf, type TextParameters } from './mailbox.js';

/** Codes of `+CMS ERROR` (AT command manual, 28.4). */
export const CMS = {
  notAllowed: 302,
  invalidPdu: 304,
  invalidText: 305,
  notInserted: 310,
  pinRequired: 311,
  simFailure: 313,
  simBusy: 314,
  pukRequired: 316,
  invalidIndex: 321,
  memoryFull: 322,
  noCentre: 330,
  noService: 331,
  nothingToAcknowledge: 340,
  tooLong: 342,
} as const;

/** Why the SIM lets no message be handled, as a code of `+CMS ERROR`. */
export function simRefusal({ sim }: Module): number | undefined {
  const { state } = sim;
  if (state === 'READY') return undefined;
  if (state === 'SIM PIN') return CMS.pinRequired;
  if (state === 'SIM PUK') return CMS.pukRequired;
  if (typeof state === 'string') return CMS.notAllowed;
  return { 10: CMS.notInserted, 14: CMS.simBusy }[state.cme] ?? CMS.simFailure;
}

/** `AT+CGSMS`: 0 sends messages through the packet domain alone, the others through the circuit one too. */
export const messageBearer = remembered({ command: '+CGSMS', min: 0, max: 3, initial: 3, saved: false });

const PACKET_ALONE = 0;

/** A submission in the making: everything but its reference, which the module gives it. */
export type Draft = Omit<Submit, 'reference'>;

/** What became of a message that was sent. */
export type Sent = { readonly reference: number; readonly forward: () => void } | { readonly cms: number };

/** Gives a message to the service centre; `forward` lets the centre deliver it. */
export function transmit(draft: Draft, module: Module): Sent {
  const refusal = simRefusal(module);
  if (refusal !== undefined) return { cms: refusal };
  const reached = module.radio.attached || messageBearer.get(module) !== PACKET_ALONE;
  if (!module.radio.serving || !reached) return { cms: CMS.noService };
  const mailbox = mailboxOf(module);
  if (mailbox.centre.value === '') return { cms: CMS.noCentre };
  const reference = mailbox.nextReference();
  const outcome = subscriberOf(module).attachment.submit({ ...draft, reference });
  return 'cause' in outcome ? { cms: outcome.cause } : { reference, forward: outcome.forward };
}

/** The octets of a draft, as a memory keeps it. */
export function octetsOfDraft(draft: Draft): Uint8Array {
  return printTpdu({ ...draft, reference: 0 });
}

/** A draft of what was typed in text mode. */
export function textDraft(to: Address, data: UserData, { flags, validity, protocol }: TextParameters): Draft {
  // TP-MTI is that of a submission, whatever AT+CSMP says; TP-UDHI follows the data.
  const kind = (flags & ~(0x03 | HEADER)) | 1 | (data.hasHeader ? HEADER : 0);
  return { kind: 'submit', flags: kind, to, protocol, validity: fitting(kind, validity), data };
}

/** A PDU as it was typed, its service centre taken off; undefined unless its TPDU has that length. */
export function typedPdu(
  typed: string,
  length: number,
): { octets: Uint8Array; centre: Address | undefined } | undefined {
  const octets = octetsOf(typed.trim());
  const centre = octets && parseCentre(octets);
  if (octets === undefined || centre === undefined || octets.length - centre.end !== length) return undefined;
  return { octets: octets.slice(centre.end), centre: centre.address };
}

/** A submission that was typed as a PDU. */
export function pduDraft(octets: Uint8Array): Draft | undefined {
  return parseSubmit(octets);
}

/** The number of a destination as the host gave it; undefined when it cannot be dialled. */
export function destination(typed: string, type: string | undefined, module: Module): Address | undefined {
  const number = numberFromHost(typed, characterSetOf(module).current);
  const given = type === undefined || type === '' ? undefined : Number(type);
  if (given !== undefined && !(given >= 128 && given <= 255)) return undefined;
  const address = addressOf(number, number.startsWith('+') ? INTERNATIONAL : given);
  return isDiallable(address.value) ? address : undefined;
}

/** A validity period in the format that TP-VPF announces. */
function fitting(flags: number, validity: Uint8Array): Uint8Array {
  const size = [0, 7, 1, 7][(flags & 0x18) >> 3] ?? 0;
  return validity.length === size ? validity : new Uint8Array(size);
}
