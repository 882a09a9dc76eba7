import type { Address } from '../../networks/mobile/tpdu/address.js';
import { parseReceived } from '../../networks/mobile/tpdu/tpdu.js';
import type { Behaviour } from '../at/behaviour.js';
import { cmsError, type FinalReply, ok, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import { mailboxOf } from '../messages/mailbox.js';
import {
  CMS,
  type Draft,
  destination,
  octetsOfDraft,
  pduDraft,
  simRefusal,
  textDraft,
  transmit,
  typedPdu,
} from '../messages/sending.js';
import { STATUS, STATUS_TEXTS, type StoredMessage } from '../messages/store.js';
import { typedData } from '../messages/text-mode.js';
import { characterSetOf } from '../mobile/character-set.js';
import type { Module } from '../module.js';

/** Time in ms that sending and writing may take (AT command manual, 9.2.13 and 9.2.15). */
const SLOW = 40_000;

/** Longest TPDU of a message in octets, and of one that is only stored. */
const MAX_TPDU = 176;

/** A blank follows the sign (3GPP TS 27.005, 3.5.1). */
const PROMPT = '> ';

/** ESC ends the entry without a message (AT command manual, 9.2.13). */
const cancelled = ok();

/** Sending and writing messages (AT command manual, 9.2.13 to 9.2.21). */
export const messages: readonly Behaviour[] = [
  {
    command: '+CMGS',
    maxTime: SLOW,
    test: () => ok(),
    write: ({ values }, module) =>
      mailboxOf(module).textMode ? sendText(values, module) : sendPdu(values, module),
  },
  {
    command: '+CMSS',
    maxTime: SLOW,
    test: () => ok(),
    write: ({ values }, module) => sendStored(values, module),
  },
  {
    command: '+CMGW',
    maxTime: SLOW,
    test: () => ok(),
    execute: (_, module) => (mailboxOf(module).textMode ? writeText([], module) : cmsError(CMS.invalidPdu)),
    write: ({ values }, module) =>
      mailboxOf(module).textMode ? writeText(values, module) : writePdu(values, module),
  },
  {
    command: '+CMGSEX',
    maxTime: SLOW,
    test: () => ok(),
    write: ({ values }, module) => sendPart(values, module),
  },
];

/** Asks for the text or the PDU of a message. */
function entry(take: (typed: string) => Reply): Reply {
  return { prompt: 'message', asks: PROMPT, cancelled, take: (bytes) => take(String.fromCharCode(...bytes)) };
}

/** Sends a draft; the service centre delivers it once the answer is printed. */
function sent(command: string, draft: Draft, module: Module): FinalReply {
  const outcome = transmit(draft, module);
  if ('cms' in outcome) return cmsError(outcome.cms);
  return { ...ok(`${command}: ${outcome.reference}`), afterwards: outcome.forward };
}

function sendText([typedNumber = '', type, ...more]: readonly string[], module: Module): Reply {
  const to = destination(typedNumber, type, module);
  if (to === undefined || more.length > 0) return cmsError(CMS.invalidText);
  return entry((typed) => {
    const { textParameters } = mailboxOf(module);
    const data = typedData(typed, characterSetOf(module).current, textParameters);
    if (data === undefined) return cmsError(CMS.tooLong);
    return sent('+CMGS', textDraft(to, data, textParameters), module);
  });
}

function sendPdu([lengthText, ...more]: readonly string[], module: Module): Reply {
  const length = number(lengthText, 1, MAX_TPDU);
  if (length === undefined || more.length > 0) return cmsError(CMS.invalidPdu);
  return entry((typed) => {
    const draft = pduDraft(typedPdu(typed, length)?.octets ?? new Uint8Array());
    return draft === undefined ? cmsError(CMS.invalidPdu) : sent('+CMGS', draft, module);
  });
}

function sendStored([indexText, typedNumber, type]: readonly string[], module: Module): Reply {
  const store = mailboxOf(module).memory(1);
  const index = number(indexText, 0, 999);
  const message = index === undefined ? undefined : store.get(index);
  if (index === undefined || message === undefined) return cmsError(CMS.invalidIndex);
  const draft = pduDraft(message.octets);
  const to =
    typedNumber === undefined || typedNumber === '' ? draft?.to : destination(typedNumber, type, module);
  if (draft === undefined || to === undefined) return cmsError(CMS.notAllowed);
  const reply = sent('+CMSS', { ...draft, to }, module);
  if (reply.result === 'OK') store.mark(index, STATUS.sent);
  return reply;
}

function writeText([typedNumber = '', type, statusText = '']: readonly string[], module: Module): Reply {
  const to = typedNumber === '' ? NOBODY : destination(typedNumber, type, module);
  const status = statusText === '' ? STATUS.unsent : (STATUS_TEXTS as readonly string[]).indexOf(statusText);
  // A received message has a time and a sender, which text mode cannot give it.
  if (to === undefined || status < STATUS.unsent) return cmsError(CMS.invalidText);
  return entry((typed) => {
    const { textParameters } = mailboxOf(module);
    const data = typedData(typed, characterSetOf(module).current, textParameters);
    if (data === undefined) return cmsError(CMS.tooLong);
    const octets = octetsOfDraft(textDraft(to, data, textParameters));
    return written({ status, centre: mailboxOf(module).centre, octets }, module);
  });
}

/** Where a message goes that was written without a number. */
const NOBODY: Address = { value: '', type: 129 };

function writePdu([lengthText, statusText]: readonly string[], module: Module): Reply {
  const length = number(lengthText, 1, MAX_TPDU);
  const status = optional(statusText, 0, 3, STATUS.unsent);
  if (length === undefined || status === undefined) return cmsError(CMS.invalidPdu);
  return entry((typed) => {
    const pdu = typedPdu(typed, length);
    const received = status === STATUS.unread || status === STATUS.read;
    const readable = pdu && (received ? parseReceived(pdu.octets) : pduDraft(pdu.octets));
    if (pdu === undefined || readable === undefined) return cmsError(CMS.invalidPdu);
    return written({ status, ...pdu, centre: pdu.centre ?? mailboxOf(module).centre }, module);
  });
}

function written(message: StoredMessage, module: Module): FinalReply {
  const refusal = simRefusal(module);
  if (refusal !== undefined) return cmsError(refusal);
  const index = mailboxOf(module).memory(1).add(message);
  return index === undefined ? cmsError(CMS.memoryFull) : ok(`+CMGW: ${index}`);
}

/** `AT+CMGSEX=<da>[,<toda>][,<mr>,<msg_seg>,<msg_total>]`: one part of a longer message. */
function sendPart(values: readonly string[], module: Module): Reply {
  const { textMode, textParameters } = mailboxOf(module);
  if (!textMode) return refuse();
  const [typedNumber = '', ...rest] = values;
  const type = rest.length % 3 === 1 ? rest.shift() : undefined;
  const [reference, part, total] = rest.map((value) => number(value, 1, 255));
  const to = destination(typedNumber, type, module);
  const whole = rest.length === 0;
  const numbered =
    reference !== undefined && part !== undefined && total !== undefined && part <= total && total <= 15;
  if (to === undefined || !(whole || numbered)) return refuse();
  const header = whole ? new Uint8Array() : Uint8Array.of(0, 3, reference ?? 0, total ?? 0, part ?? 0);
  return entry((typed) => {
    const data = typedData(typed, characterSetOf(module).current, textParameters, header);
    if (data === undefined) return cmsError(CMS.tooLong);
    const reply = sent('+CMGSEX', textDraft(to, data, textParameters), module);
    // Only the last part is answered with a reference (AT command manual, 9.2.20).
    return whole || part === total || reply.result !== 'OK' ? reply : { ...reply, units: [] };
  });
}
