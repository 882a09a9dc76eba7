import type { Address } from '../../networks/mobile/tpdu/address.js';

/** `<stat>` in PDU mode (3GPP TS 27.005, 3.1). */
export const STATUS = { unread: 0, read: 1, unsent: 2, sent: 3 } as const;

/** The same in text mode. */
export const STATUS_TEXTS = ['REC UNREAD', 'REC READ', 'STO UNSENT', 'STO SENT'] as const;

/** A message as a memory keeps it. */
export interface StoredMessage {
  readonly status: number;
  readonly centre: Address | undefined;
  /** The TPDU: a submission where the status is unsent or sent. */
  readonly octets: Uint8Array;
}

/** A message with its place. */
export interface Place {
  readonly index: number;
  readonly message: StoredMessage;
}

/** One memory for messages: so many places, the lowest free one is taken. */
export class MessageStore {
  readonly size: number;
  private readonly first: number;
  private readonly places: (StoredMessage | undefined)[];

  /**
   * @param size How many messages fit.
   * @param first Index of the first place.
   */
  constructor(size: number, first: number) {
    this.size = size;
    this.first = first;
    this.places = new Array<StoredMessage | undefined>(size).fill(undefined);
  }

  get used(): number {
    return this.places.filter((place) => place !== undefined).length;
  }

  /** The messages in order. */
  get all(): readonly Place[] {
    return this.places.flatMap((message, at) =>
      message === undefined ? [] : [{ index: at + this.first, message }],
    );
  }

  /** Whether there is such a place, taken or not. */
  has(index: number): boolean {
    return index >= this.first && index < this.first + this.size;
  }

  get(index: number): StoredMessage | undefined {
    return this.places[index - this.first];
  }

  /** Keeps a message; returns its index, or undefined when no place is free. */
  add(message: StoredMessage): number | undefined {
    const at = this.places.indexOf(undefined);
    if (at === -1) return undefined;
    this.places[at] = message;
    return at + this.first;
  }

  mark(index: number, status: number): void {
    const message = this.get(index);
    if (message !== undefined) this.places[index - this.first] = { ...message, status };
  }

  /** Frees a place; a free one stays free. */
  remove(index: number): void {
    if (this.has(index)) this.places[index - this.first] = undefined;
  }
}
