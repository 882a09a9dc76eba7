import type { Behaviour } from '../at/behaviour.js';
import { cmsError, type FinalReply, ok, type Reply } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import { pduOf, textFormatOf } from '../messages/arrival.js';
import { mailboxOf } from '../messages/mailbox.js';
import { CMS, simRefusal } from '../messages/sending.js';
import { STATUS, STATUS_TEXTS, type StoredMessage } from '../messages/store.js';
import { shown } from '../messages/text-mode.js';
import { subscriberOf } from '../mobile/subscriber.js';
import type { Module } from '../module.js';

const SLOW = 40_000;
/** `<stat>` of `AT+CMGL` that stands for all. */
const ALL = 4;

/** Reading, listing and deleting messages (AT command manual, 9.2.11, 9.2.12, 9.2.16, 9.2.19). */
export const storedMessages: readonly Behaviour[] = [
  {
    command: '+CMGL',
    maxTime: SLOW,
    test: (_, module) =>
      ok(
        mailboxOf(module).textMode
          ? `+CMGL: (${[...STATUS_TEXTS, 'ALL'].map((text) => `"${text}"`).join()})`
          : '+CMGL: (0-4)',
      ),
    execute: (_, module) => list(STATUS.unread, module),
    write: ({ values }, module) => {
      const status = statusOf(values[0] ?? '', module);
      return status === undefined
        ? cmsError(textMode(module) ? CMS.invalidText : CMS.invalidPdu)
        : list(status, module);
    },
  },
  {
    command: '+CMGR',
    maxTime: SLOW,
    test: () => ok(),
    write: ({ values }, module) => read('+CMGR', values, module),
  },
  {
    command: '+CMGRD',
    maxTime: SLOW,
    test: () => ok(),
    write: ({ values }, module) => {
      const reply = read('+CMGRD', values, module);
      const index = number(values[0], 0, 999);
      if (reply.result === 'OK' && index !== undefined) mailboxOf(module).memory(0).remove(index);
      return { ...reply, afterwards: () => roomMade(module) };
    },
  },
  {
    command: '+CMGD',
    maxTime: SLOW,
    test: (_, module) => {
      const taken = mailboxOf(module)
        .memory(0)
        .all.map(({ index }) => index);
      return ok(`+CMGD: (${taken.join()}),(0-4)`);
    },
    write: ({ values }, module) => remove(values, module),
  },
];

function textMode(module: Module): boolean {
  return mailboxOf(module).textMode;
}

function statusOf(text: string, module: Module): number | undefined {
  if (!textMode(module)) return optional(text, 0, ALL, STATUS.unread);
  const found = [...STATUS_TEXTS, 'ALL'].indexOf(text.toUpperCase());
  return found === -1 ? undefined : found;
}

function list(status: number, module: Module): Reply {
  const refusal = simRefusal(module);
  if (refusal !== undefined) return cmsError(refusal);
  const store = mailboxOf(module).memory(0);
  const found = store.all.filter(({ message }) => status === ALL || message.status === status);
  const lines = found.flatMap(({ index, message }) => linesOf(`+CMGL: ${index},`, message, module));
  for (const { index, message } of found)
    if (message.status === STATUS.unread) store.mark(index, STATUS.read);
  return ok(...lines);
}

function read(command: string, [indexText]: readonly string[], module: Module): FinalReply {
  const refusal = simRefusal(module);
  if (refusal !== undefined) return cmsError(refusal);
  const store = mailboxOf(module).memory(0);
  const index = number(indexText, 0, 999);
  if (index === undefined || !store.has(index)) return cmsError(CMS.invalidIndex);
  const message = store.get(index);
  // An empty place is no error (3GPP TS 27.005, 3.4.3, as most modules have it).
  if (message === undefined) return ok();
  const lines = linesOf(`${command}: `, message, module);
  if (message.status === STATUS.unread) store.mark(index, STATUS.read);
  return ok(...lines);
}

/** A message as the host wants to see it. */
function linesOf(beginning: string, message: StoredMessage, module: Module): string[] {
  const format = textFormatOf(module);
  if (!textMode(module)) {
    const { length, hex } = pduOf(message.octets, message.centre);
    return [`${beginning}${message.status},${format.noName},${length}`, hex];
  }
  const text = shown(message, format);
  if (text === undefined) return [];
  const line = `${beginning}"${STATUS_TEXTS[message.status as 0]}",${text.values}`;
  return text.data === undefined ? [line] : [line, text.data];
}

/** Which messages each `<delflag>` deletes, in addition to those of the ones before. */
const DELETED: readonly (readonly number[])[] = [
  [],
  [STATUS.read],
  [STATUS.read, STATUS.sent],
  [STATUS.read, STATUS.sent, STATUS.unsent],
  [STATUS.read, STATUS.sent, STATUS.unsent, STATUS.unread],
];

function remove([indexText, flagText]: readonly string[], module: Module): Reply {
  const refusal = simRefusal(module);
  if (refusal !== undefined) return cmsError(refusal);
  const store = mailboxOf(module).memory(0);
  const flag = optional(flagText, 0, 4, 0);
  if (flag === undefined) return cmsError(CMS.invalidIndex);
  if (flag === 0) {
    const index = number(indexText, 0, 999);
    if (index === undefined || !store.has(index)) return cmsError(CMS.invalidIndex);
    store.remove(index);
  }
  const statuses = DELETED[flag] ?? [];
  for (const { index, message } of store.all) if (statuses.includes(message.status)) store.remove(index);
  return { ...ok(), afterwards: () => roomMade(module) };
}

/** There is room again for messages that wait at the service centre. */
function roomMade(module: Module): void {
  subscriberOf(module).attachment.available();
}
