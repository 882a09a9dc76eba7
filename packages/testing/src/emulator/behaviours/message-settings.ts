import { addressOf, dialled, isDiallable } from '../../networks/mobile/tpdu/address.js';
import {
  parseTimeStamp,
  parseTimeText,
  printTimeStamp,
  timeText,
} from '../../networks/mobile/tpdu/time-stamp.js';
import type { Behaviour } from '../at/behaviour.js';
import { cmsError, type FinalReply, ok, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import { type Indications, type Mailbox, mailboxOf, type TextParameters } from '../messages/mailbox.js';
import { CMS, messageBearer, simRefusal } from '../messages/sending.js';
import { characterSetOf, numberFromHost, toHost } from '../mobile/character-set.js';
import type { Module } from '../module.js';
import { setting } from './setting.js';

/** How messages are shown, stored and reported (AT command manual, 9.2). */
export const messageSettings: readonly Behaviour[] = [
  setting({
    command: '+CMGF',
    min: 0,
    max: 1,
    execute: 0,
    get: (module) => (mailboxOf(module).textMode ? 1 : 0),
    set: (value, module) => {
      mailboxOf(module).textMode = value === 1;
    },
  }),
  setting({
    command: '+CSDH',
    min: 0,
    max: 1,
    execute: 0,
    get: (module) => (mailboxOf(module).showsDetails ? 1 : 0),
    set: (value, module) => {
      mailboxOf(module).showsDetails = value === 1;
    },
  }),
  messageBearer.behaviour,
  {
    command: '+CSMS',
    test: () => ok('+CSMS: (0-1)'),
    read: (_, module) => ok(`+CSMS: ${mailboxOf(module).service},1,1,1`),
    write: ({ values: [value, ...more] }, module) => {
      const service = number(value, 0, 1);
      if (service === undefined || more.length > 0) return refuse();
      mailboxOf(module).service = service;
      return ok('+CSMS: 1,1,1');
    },
  },
  {
    command: '+CPMS',
    test: (_, module) => {
      const names = `(${[...mailboxOf(module).stores.keys()].map((name) => `"${name}"`).join()})`;
      return ok(`+CPMS: ${[names, names, names].join()}`);
    },
    read: (_, module) => {
      const mailbox = mailboxOf(module);
      return ok(`+CPMS: ${mailbox.memories.map((name) => `"${name}",${usage(mailbox, name)}`).join()}`);
    },
    execute: (_, module) => selectMemories(new Array<string>(3).fill(module.profile.preferredMemory), module),
    write: ({ values }, module) => selectMemories(values, module),
  },
  {
    command: '+CSCA',
    test: () => ok(),
    read: (_, module) => {
      const { centre } = mailboxOf(module);
      const refusal = simRefusal(module);
      if (refusal !== undefined) return cmsError(refusal);
      return ok(`+CSCA: "${toHost(dialled(centre), characterSetOf(module).current)}",${centre.type}`);
    },
    write: ({ values: [typed = '', typeText] }, module) => {
      const text = numberFromHost(typed, characterSetOf(module).current);
      const type = optional(typeText, 128, 255, addressOf(text).type);
      if (type === undefined || !isDiallable(addressOf(text).value)) return refuse();
      mailboxOf(module).centre = addressOf(text, type);
      return ok();
    },
  },
  {
    command: '+CSMP',
    test: () => ok(),
    read: (_, module) => {
      const { flags, validity, protocol, coding } = mailboxOf(module).textParameters;
      return ok(`+CSMP: ${flags},${validityText(validity)},${protocol},${coding}`);
    },
    write: ({ values }, module) => setTextParameters(values, module),
  },
  {
    command: '+CMVP',
    test: () => ok('+CMVP: (0-255)'),
    read: (_, module) => ok(`+CMVP: ${validityText(mailboxOf(module).textParameters.validity)}`),
    write: ({ values: [value] }, module) => {
      const validity = number(value, 0, 255);
      if (validity === undefined) return refuse();
      const mailbox = mailboxOf(module);
      mailbox.textParameters = { ...mailbox.textParameters, validity: Uint8Array.of(validity) };
      return ok();
    },
  },
  {
    command: '+CNMI',
    test: () => ok('+CNMI: (0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)'),
    read: (_, module) => {
      const { mode, mt, bm, ds, buffer } = mailboxOf(module).indications;
      return ok(`+CNMI: ${[mode, mt, bm, ds, buffer].join()}`);
    },
    execute: (_, module) => setIndications(['2', '1', '0', '0', '0'], module),
    write: ({ values }, module) => setIndications(values, module),
  },
  {
    command: '+CNMA',
    test: (_, module) => (mailboxOf(module).textMode ? ok() : ok('+CNMA: (0-2)')),
    execute: (_, module) => acknowledge(module),
    write: ({ values: [value] }, module) => {
      if (mailboxOf(module).textMode || number(value, 0, 2) === undefined) return refuse();
      return acknowledge(module);
    },
  },
];

function usage(mailbox: Mailbox, name: string): string {
  const store = mailbox.stores.get(name);
  return `${store?.used ?? 0},${store?.size ?? 0}`;
}

function selectMemories(names: readonly string[], module: Module): Reply {
  const refusal = simRefusal(module);
  if (refusal !== undefined) return cmsError(refusal);
  const mailbox = mailboxOf(module);
  const [reads = '', writes = mailbox.memories[1], receives = mailbox.memories[2]] = names;
  const memories = [reads, writes, receives] as const;
  if (!memories.every((name) => mailbox.stores.has(name)) || names.length > 3)
    return cmsError(CMS.notAllowed);
  mailbox.memories = memories;
  return ok(`+CPMS: ${mailbox.memories.map((name) => usage(mailbox, name)).join()}`);
}

function validityText(validity: Uint8Array): string {
  return validity.length === 7 ? `"${timeText(parseTimeStamp(validity))}"` : String(validity[0] ?? '');
}

function setTextParameters(
  [flagsText, validityValue = '', protocolText, codingText]: readonly string[],
  module: Module,
): Reply {
  const mailbox = mailboxOf(module);
  const before = mailbox.textParameters;
  const flags = number(flagsText, 0, 255);
  const time = parseTimeText(validityValue);
  const relative = number(validityValue, 0, 255);
  const protocol = optional(protocolText, 0, 255, before.protocol);
  const coding = optional(codingText, 0, 255, before.coding);
  const given = validityValue !== '';
  if (flags === undefined || protocol === undefined || coding === undefined) return refuse();
  if (given && time === undefined && relative === undefined) return refuse();
  const validity = time
    ? printTimeStamp(time)
    : relative === undefined
      ? before.validity
      : Uint8Array.of(relative);
  const parameters: TextParameters = { flags, validity, protocol, coding };
  mailbox.textParameters = parameters;
  return ok();
}

function setIndications(values: readonly string[], module: Module): FinalReply {
  const mailbox = mailboxOf(module);
  const before = mailbox.indications;
  const mode = optional(values[0], 0, 2, before.mode);
  const mt = optional(values[1], 0, 3, before.mt);
  const bm = optional(values[2], 0, 2, before.bm);
  const ds = optional(values[3], 0, 2, before.ds);
  const buffer = optional(values[4], 0, 1, before.buffer);
  if (
    mode === undefined ||
    mt === undefined ||
    bm === undefined ||
    ds === undefined ||
    buffer === undefined
  ) {
    return refuse();
  }
  // Messages that are handed over cannot be kept back (AT command manual, 9.2.9).
  const conflicting = bm === 1 || (mt === 2 && mode === 0) || ((mt === 3 || ds === 1) && mode === 0);
  if (conflicting || values.length > 5) return refuse();
  const indications: Indications = { mode, mt, bm, ds, buffer };
  mailbox.indications = indications;
  return { ...ok(), afterwards: () => flush(mailbox, module) };
}

/** What `<mode>` 0 has kept back is printed or forgotten once it is left. */
function flush({ held, indications }: Mailbox, module: Module): void {
  if (indications.mode === 0) return;
  const kept = held.splice(0);
  if (indications.buffer === 0) for (const text of kept) module.report(text);
}

function acknowledge(module: Module): FinalReply {
  const mailbox = mailboxOf(module);
  if (mailbox.unacknowledged === 0) return cmsError(CMS.nothingToAcknowledge);
  mailbox.unacknowledged -= 1;
  return ok();
}
