/** Type octets of the commands on the control channel; an answer lacks the bit 2 (3GPP TS 27.010, 5.4.6.3). */
export const PN = 0x83;
export const CLD = 0xc3;
export const TEST = 0x23;
export const FCON = 0xa3;
export const FCOFF = 0x63;
export const MSC = 0xe3;
export const RPN = 0x93;
export const RLS = 0x53;
export const SNC = 0xd3;
export const PSC = 0x43;
/** The answer to a command that is not known. */
export const NSC = 0x13;

/** Set in a command. */
export const COMMAND = 0x02;

/** Bits of the octet of MSC that tells the V.24 lines (5.4.6.3.7). */
export const EXTENSION = 0x01;
export const FLOW_STOPPED = 0x02;
export const READY_TO_COMMUNICATE = 0x04;
export const READY_TO_RECEIVE = 0x08;
export const DATA_VALID = 0x80;

/** A message on the control channel. */
export interface MuxMessage {
  readonly type: number;
  readonly values: readonly number[];
}

/** The messages of a payload; one that is cut short ends them. */
export function messagesOf(payload: Uint8Array): MuxMessage[] {
  const bytes = [...payload];
  const messages: MuxMessage[] = [];
  while (bytes.length >= 2) {
    const [type = 0, size = 0] = bytes.splice(0, 2);
    const values = bytes.splice(0, size >> 1);
    if (values.length < size >> 1) break;
    messages.push({ type, values });
  }
  return messages;
}

/** The payload that carries a message. */
export function messageBytes({ type, values }: MuxMessage): Uint8Array {
  return Uint8Array.of(type, values.length * 2 + 1, ...values);
}

/** The speeds of RPN, by number (5.4.6.3.9). */
const RPN_SPEEDS = [2_400, 4_800, 7_200, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400];

/** The settings of a line as RPN answers them: speed, 8N1, no flow control, XON, XOFF, nothing masked. */
export function lineSettings(dlciByte: number, baudRate: number): number[] {
  const speed = Math.max(0, RPN_SPEEDS.indexOf(baudRate));
  return [dlciByte, speed, 0x03, 0x00, 0x11, 0x13, 0x00, 0x00];
}
