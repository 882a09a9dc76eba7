import { type Address, addressOf } from '../../networks/mobile/tpdu/address.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { MessageStore, type StoredMessage } from './store.js';

/** `AT+CNMI`: what becomes of messages that come in (3GPP TS 27.005, 3.4.1). */
export interface Indications {
  readonly mode: number;
  /** Of messages. */
  readonly mt: number;
  /** Of cell broadcasts. */
  readonly bm: number;
  /** Of status reports. */
  readonly ds: number;
  readonly buffer: number;
}

/** `AT+CSMP`: what a message that is sent in text mode has apart from its text. */
export interface TextParameters {
  readonly flags: number;
  /** One octet, or the seven of a time. */
  readonly validity: Uint8Array;
  readonly protocol: number;
  readonly coding: number;
}

/** Factory settings (AT command manual, 9.2). */
const INDICATIONS: Indications = { mode: 2, mt: 1, bm: 0, ds: 0, buffer: 0 };
const TEXT_PARAMETERS: TextParameters = { flags: 17, validity: Uint8Array.of(167), protocol: 0, coding: 0 };

/** The module's messages, and how it is set to handle them. */
export class Mailbox {
  readonly stores: ReadonlyMap<string, MessageStore>;
  /** `AT+CMGF`. */
  textMode = false;
  /** `AT+CPMS`: what is read and deleted, what is written and sent, where messages arrive. */
  memories: readonly [reads: string, writes: string, receives: string];
  /** `AT+CSCA`. */
  centre: Address;
  indications = INDICATIONS;
  /** `AT+CSMP`, `AT+CSDH`, `AT+CSMS`: a restart forgets them. */
  textParameters = TEXT_PARAMETERS;
  showsDetails = false;
  service = 0;
  /** Indications that `AT+CNMI=0` keeps back. */
  readonly held: string[] = [];
  /** Messages that were handed over and not acknowledged by `AT+CNMA`. */
  unacknowledged = 0;
  private reference = 0;

  constructor({ profile, mobile }: Module) {
    const { messageMemories, firstMessageIndex, preferredMemory } = profile;
    this.stores = new Map(
      Object.entries(messageMemories).map(([name, size]) => [
        name,
        new MessageStore(size, firstMessageIndex),
      ]),
    );
    this.memories = [preferredMemory, preferredMemory, preferredMemory];
    this.centre = addressOf(mobile.centre);
  }

  /** TP-MR of the next message. */
  nextReference(): number {
    this.reference = (this.reference + 1) & 0xff;
    return this.reference;
  }

  /** The memory that messages are read from, written to or received in. */
  memory(use: 0 | 1 | 2): MessageStore {
    const store = this.stores.get(this.memories[use]);
    if (store === undefined) throw new Error(`There is no memory ${this.memories[use]}.`);
    return store;
  }

  /** Keeps what came in; returns its place, or undefined when the memory is full. */
  keep(memory: string, message: StoredMessage): number | undefined {
    return this.stores.get(memory)?.add(message);
  }

  /** A restart: what is not saved is as it was at first. */
  forget(): void {
    this.textParameters = TEXT_PARAMETERS;
    this.showsDetails = false;
    this.service = 0;
    this.unacknowledged = 0;
    this.held.length = 0;
  }
}

export const mailboxOf = perModule((module) => {
  const mailbox = new Mailbox(module);
  module.watchPower((power) => {
    if (power === 'off') mailbox.forget();
  });
  return mailbox;
});
