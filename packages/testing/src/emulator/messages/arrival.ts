import { printCentre } from '../../networks/mobile/tpdu/address.js';
import { hexOf } from '../../networks/mobile/tpdu/hex.js';
import { type Deliver, printTpdu, type StatusReport } from '../../networks/mobile/tpdu/tpdu.js';
import { classOf } from '../../networks/mobile/tpdu/user-data.js';
import { characterSetOf } from '../mobile/character-set.js';
import type { Module } from '../module.js';
import { mailboxOf } from './mailbox.js';
import { STATUS } from './store.js';
import { deliverValues, reportValues, shownData, type TextFormat } from './text-mode.js';

/** Most indications that `AT+CNMI=0` keeps back; the oldest ones go first. */
const MAX_HELD = 64;

/** The service centre delivers something; false when there is no room for it (3GPP TS 27.005, 3.4.1). */
export function arrive(message: Deliver | StatusReport, module: Module): boolean {
  return message.kind === 'deliver' ? messageArrives(message, module) : reportArrives(message, module);
}

/** How the host wants to see messages. */
export function textFormatOf(module: Module): TextFormat {
  return {
    set: characterSetOf(module).current,
    details: mailboxOf(module).showsDetails,
    noName: module.profile.emptyName,
  };
}

/** A TPDU with its service centre in front, in hexadecimal, and the length that is shown with it. */
export function pduOf(octets: Uint8Array, centre: Parameters<typeof printCentre>[0]) {
  return { length: octets.length, hex: hexOf(printCentre(centre)) + hexOf(octets) };
}

/** Prints an indication, or keeps it back, as `<mode>` of `AT+CNMI` says. */
export function indicate(text: string, module: Module): void {
  const { held, indications } = mailboxOf(module);
  if (indications.mode === 0) {
    held.push(text);
    if (held.length > MAX_HELD) held.shift();
  } else if (indications.mode === 2 || module.dataMode.mode !== 'data') module.report(text);
}

function messageArrives(message: Deliver, module: Module): boolean {
  const mailbox = mailboxOf(module);
  const { mt } = mailbox.indications;
  const messageClass = classOf(message.data.coding);
  const direct = (mt === 2 && messageClass !== 2) || (mt === 3 && messageClass === 3);
  if (direct) {
    handOver(message, module);
    return true;
  }
  // A message of class 2 belongs on the SIM.
  const memory = messageClass === 2 ? 'SM' : mailbox.memories[2];
  const index = mailbox.keep(memory, stored(message, module));
  if (index === undefined) return false;
  if (mt > 0) indicate(`+CMTI: "${memory}",${index}`, module);
  return true;
}

function reportArrives(report: StatusReport, module: Module): boolean {
  const mailbox = mailboxOf(module);
  const { ds } = mailbox.indications;
  if (ds === 1) handOver(report, module);
  if (ds !== 2) return true;
  const index = mailbox.keep(mailbox.memories[2], stored(report, module));
  if (index === undefined) return false;
  indicate(`+CDSI: "${mailbox.memories[2]}",${index}`, module);
  return true;
}

function stored(message: Deliver | StatusReport, module: Module) {
  return { status: STATUS.unread, centre: mailboxOf(module).centre, octets: printTpdu(message) };
}

/** `+CMT` or `+CDS`: the message itself, which is not stored. */
function handOver(message: Deliver | StatusReport, module: Module): void {
  const mailbox = mailboxOf(module);
  const format = textFormatOf(module);
  if (mailbox.service === 1) mailbox.unacknowledged += 1;
  indicate(mailbox.textMode ? asText(message, module, format) : asPdu(message, module, format), module);
}

function asText(message: Deliver | StatusReport, module: Module, format: TextFormat): string {
  if (message.kind === 'status report') return `+CDS: ${reportValues(message, format.set)}`;
  const values = deliverValues(message, mailboxOf(module).centre, format);
  return `+CMT: ${values}\r\n${shownData(message.data, format.set)}`;
}

function asPdu(message: Deliver | StatusReport, module: Module, { noName }: TextFormat): string {
  const { length, hex } = pduOf(printTpdu(message), mailboxOf(module).centre);
  return message.kind === 'deliver' ? `+CMT: ${noName},${length}\r\n${hex}` : `+CDS: ${length}\r\n${hex}`;
}
