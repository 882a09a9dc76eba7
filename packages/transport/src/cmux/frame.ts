import { frameCheck } from './fcs.js';

/** Opens and closes each frame of the basic option (3GPP TS 27.010, 5.2.6.1). */
export const FLAG = 0xf9;

/** Control fields without the poll/final bit (5.2.1.3). */
export const control: Readonly<Record<FrameType, number>> = {
  SABM: 0x2f,
  UA: 0x63,
  DM: 0x0f,
  DISC: 0x43,
  UIH: 0xef,
  UI: 0x03,
};

/** The types of frames: set up, acknowledge, refuse, release, and the two that carry data. */
export type FrameType = 'SABM' | 'UA' | 'DM' | 'DISC' | 'UIH' | 'UI';

/** The poll bit of a command, the final bit of a response (5.4.2). */
export const POLL_FINAL = 0x10;
/** Set in commands of the initiator and in responses to it (5.2.1.2). */
const COMMAND_RESPONSE = 0x02;
/** The last byte of an address, of a length, of a value. */
const EXTENSION = 0x01;
/** The longest payload whose length fits one byte. */
const SHORT = 127;
/** The longest payload whose length fits two bytes; the second byte has no extension bit. */
export const MAX_PAYLOAD = 0x7fff;

/** One frame of the multiplexer. */
export interface Frame {
  /** What the frame is for. */
  readonly type: FrameType;
  /** Data link connection identifier: 0 is the multiplexer's own control channel, 1 to 61 carry data. */
  readonly dlci: number;
  /** The C/R bit as it stands in the address. */
  readonly cr: boolean;
  /** The P/F bit. */
  readonly pf: boolean;
  /** Empty for all but `UIH` and `UI`. */
  readonly payload: Uint8Array;
}

const frameTypes = new Map<number, FrameType>(
  (Object.keys(control) as FrameType[]).map((type) => [control[type], type]),
);

/** The type that a control field means; undefined for one that this protocol does not have. */
export function frameTypeOf(field: number): FrameType | undefined {
  return frameTypes.get(field & ~POLL_FINAL);
}

/** Address and control field of a frame: the part that both options have in common. */
export function header({ type, dlci, cr, pf }: Frame): [address: number, control: number] {
  const address = (dlci << 2) | (cr ? COMMAND_RESPONSE : 0) | EXTENSION;
  return [address, control[type] | (pf ? POLL_FINAL : 0)];
}

/** Reads the address field: a DLCI and the C/R bit. */
export function readAddress(address: number): Pick<Frame, 'dlci' | 'cr'> {
  return { dlci: address >> 2, cr: (address & COMMAND_RESPONSE) !== 0 };
}

/**
 * Prints a frame in the basic option: flag, address, control, length, payload, checksum, flag.
 *
 * @param frame what is sent
 * @returns its bytes
 * @see 3GPP TS 27.010, 5.2
 */
export function encodeFrame(frame: Frame): Uint8Array {
  const { type, payload } = frame;
  const { length } = payload;
  const lengthBytes = length > SHORT ? [(length << 1) & 0xfe, length >> 7] : [(length << 1) | EXTENSION];
  const fields = [FLAG, ...header(frame), ...lengthBytes];
  const bytes = new Uint8Array(fields.length + length + 2);
  bytes.set(fields);
  bytes.set(payload, fields.length);
  // All but UI leave the payload out of the checksum (5.2.1.6).
  const checked = type === 'UI' ? fields.length + length : fields.length;
  bytes[fields.length + length] = frameCheck(bytes, 1, checked);
  bytes[fields.length + length + 1] = FLAG;
  return bytes;
}
