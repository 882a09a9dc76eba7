import { checksum } from './checksum.js';

/** Opens and closes each frame. */
export const FLAG = 0xf9;

/** Control fields, their poll bit left out (3GPP TS 27.010, 5.2.1.3). */
export const SABM = 0x2f;
export const UA = 0x63;
export const DM = 0x0f;
export const DISC = 0x43;
export const UIH = 0xef;
export const UI = 0x03;
export const POLL = 0x10;

/** A frame of the basic option. */
export interface MuxFrame {
  /** 0 is the control channel. */
  readonly dlci: number;
  /** The C/R bit. */
  readonly cr: boolean;
  /** The control field, its poll bit included. */
  readonly control: number;
  readonly payload: Uint8Array;
}

/** Where firmwares print frames in another manner than the standard. */
export interface FrameStyle {
  /** Two bytes of a length enter the checksum in the wrong order. */
  readonly swapsLongLengths: boolean;
  /** Further flags after each frame. */
  readonly fillingFlags: number;
}

/** The bytes of a frame. */
export function printFrame({ dlci, cr, control, payload }: MuxFrame, style: FrameStyle): Uint8Array {
  const { length } = payload;
  const size = length < 128 ? [length * 2 + 1] : [(length * 2) & 0xff, length >> 7];
  const head = [dlci * 4 + (cr ? 2 : 0) + 1, control];
  const checked = [...head, ...(style.swapsLongLengths ? [...size].reverse() : size)];
  const filling = new Array<number>(style.fillingFlags).fill(FLAG);
  return Uint8Array.of(FLAG, ...head, ...size, ...payload, checksum(checked), FLAG, ...filling);
}
