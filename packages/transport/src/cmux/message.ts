/**
 * Types of the messages on DLCI 0, as they stand in a command's type octet (3GPP TS 27.010, 5.4.6.3). A response has
 * the same without its C/R bit.
 */
export const message = {
  /** Parameter negotiation. */
  PN: 0x83,
  /** Multiplexer close down. */
  CLD: 0xc3,
  TEST: 0x23,
  /** Flow control on and off, for all channels together: on means that the sender can receive. */
  FCON: 0xa3,
  FCOFF: 0x63,
  /** Modem status: the lines of one channel. */
  MSC: 0xe3,
  /** Not supported: the response to a command that the receiver does not know. */
  NSC: 0x13,
  /** Remote port negotiation. */
  RPN: 0x93,
  /** Remote line status. */
  RLS: 0x53,
} as const;

const COMMAND = 0x02;
const EXTENSION = 0x01;

/** One message of the control channel. */
export interface Message {
  /** One of {@link message}, or a type unknown here; with the C/R bit set. */
  readonly type: number;
  /** A command wants a response, which repeats its values unless the type says otherwise. */
  readonly isCommand: boolean;
  readonly values: Uint8Array;
}

/** Prints a message as the payload of a frame on DLCI 0. Values of up to 127 bytes. */
export function encodeMessage({ type, isCommand, values }: Message): Uint8Array {
  const bytes = new Uint8Array(2 + values.length);
  bytes[0] = isCommand ? type : type & ~COMMAND;
  bytes[1] = (values.length << 1) | EXTENSION;
  bytes.set(values, 2);
  return bytes;
}

/** Reads the messages in a payload; stops at the first that is cut short or longer than 127 bytes. */
export function readMessages(payload: Uint8Array): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + 1 < payload.length; ) {
    const type = payload[at] as number;
    const length = payload[at + 1] as number;
    const end = at + 2 + (length >> 1);
    if ((type & EXTENSION) === 0 || (length & EXTENSION) === 0 || end > payload.length) break;
    messages.push({
      type: type | COMMAND,
      isCommand: (type & COMMAND) !== 0,
      values: payload.subarray(at + 2, end),
    });
    at = end;
  }
  return messages;
}

/** The V.24 signals of a channel, as one side drives them (5.4.6.3.7). */
export interface Signals {
  /** The sender of the message cannot take data on this channel. */
  readonly fc: boolean;
  /** Ready to communicate: DTR from the host, DSR from the module. */
  readonly rtc: boolean;
  /** Ready to receive: RTS from the host, CTS from the module. */
  readonly rtr: boolean;
  /** Incoming call: the module's RI. */
  readonly ic: boolean;
  /** Data valid: the module's DCD. A host has to set it. */
  readonly dv: boolean;
  /** A break of at least 200 ms. */
  readonly brk: boolean;
}

const signalBits = { fc: 0x02, rtc: 0x04, rtr: 0x08, ic: 0x40, dv: 0x80 } as const;
/** Break octet: present, 200 ms long (its unit), as 5.4.6.3.7 has it. */
const BREAK = 0x13;
const BREAK_PRESENT = 0x02;

/** The values of an MSC message: DLCI, signals, and a break octet only where there is a break. */
export function encodeSignals(dlci: number, signals: Signals): Uint8Array {
  let octet = EXTENSION;
  for (const [name, bit] of Object.entries(signalBits)) {
    if (signals[name as keyof typeof signalBits]) octet |= bit;
  }
  const address = (dlci << 2) | 0x02 | EXTENSION;
  return Uint8Array.from(signals.brk ? [address, octet & ~EXTENSION, BREAK] : [address, octet]);
}

/** Reads the values of an MSC message; undefined where they are too short. */
export function readSignals(values: Uint8Array): { dlci: number; signals: Signals } | undefined {
  const [address, octet, brk = 0] = values;
  if (address === undefined || octet === undefined) return undefined;
  const has = (bit: number) => (octet & bit) !== 0;
  return {
    dlci: address >> 2,
    signals: {
      fc: has(signalBits.fc),
      rtc: has(signalBits.rtc),
      rtr: has(signalBits.rtr),
      ic: has(signalBits.ic),
      dv: has(signalBits.dv),
      brk: (brk & BREAK_PRESENT) !== 0,
    },
  };
}

/** The values of a PN message that this side looks at or answers with (5.4.6.3.1). */
export interface Parameters {
  readonly dlci: number;
  /** N1: the longest payload of a frame in bytes. */
  readonly frameSize: number;
}

/** Reads the values of a PN message; undefined where they are too short. */
export function readParameters(values: Uint8Array): Parameters | undefined {
  if (values.length < 8) return undefined;
  return {
    dlci: (values[0] as number) & 0x3f,
    frameSize: (values[4] as number) | ((values[5] as number) << 8),
  };
}

/** Values of PN for frames of that size: UIH, priority 0, T1 100 ms, N2 3, window 2. */
export function encodeParameters({ dlci, frameSize }: Parameters): Uint8Array {
  return Uint8Array.of(dlci, 0, 0, 10, frameSize & 0xff, frameSize >> 8, 3, 2);
}
