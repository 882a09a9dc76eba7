import { frameCheck, isIntact } from './fcs.js';
import { type Frame, frameTypeOf, header, POLL_FINAL, readAddress } from './frame.js';
import type { FrameDecoder } from './frame-decoder.js';

/** Opens and closes each frame of the advanced option (3GPP TS 27.010, 5.2.6.2). */
const FLAG = 0x7e;
/** Stands before a byte that would mean something else, which follows with bit 6 changed (5.2.6.2). */
const ESCAPE = 0x7d;
const CHANGED = 0x20;
const XON = 0x11;
const XOFF = 0x13;
/** Bytes that are escaped. XON and XOFF mean something to lines with software flow control. */
const SPECIAL: ReadonlySet<number> = new Set([FLAG, ESCAPE, XON, XOFF]);
/** Address, control and checksum. */
const AROUND = 3;

/**
 * Prints a frame in the advanced option: flag, address, control, payload, checksum, flag, without a length. A76xx
 * modules have the basic option only.
 *
 * @param frame what is sent
 * @returns its bytes
 * @see 3GPP TS 27.010, 5.2.6.2
 */
export function encodeAdvancedFrame(frame: Frame): Uint8Array {
  const content = Uint8Array.from([...header(frame), ...frame.payload]);
  const check = frameCheck(content, 0, checkedLength(frame.type, content.length));
  const escaped = [...content, check].flatMap((byte) =>
    SPECIAL.has(byte) ? [ESCAPE, byte ^ CHANGED] : [byte],
  );
  return Uint8Array.of(FLAG, ...escaped, FLAG);
}

/**
 * Makes a decoder for frames of the advanced option. No byte of a payload looks like a flag, so that every flag is the
 * beginning of a frame, whatever came before it.
 *
 * @param maxPayload the longest payload in bytes
 * @param onFrame called with each frame
 * @returns the decoder; it holds at most one frame
 * @see 3GPP TS 27.010, 5.2.6.2
 */
export function advancedFrameDecoder(
  maxPayload: () => number,
  onFrame: (frame: Frame) => void,
): FrameDecoder {
  const faults = { discarded: 0, badLengths: 0, badChecks: 0, lostFlags: 0 };
  let content: number[] = [];
  let isEscaped = false;
  /** Up to the next flag, nothing is a frame. */
  let isOutside = true;

  const complete = () => {
    // Flags between frames are one flag; an escape before a flag breaks a frame off.
    if (content.length === 0 && !isEscaped) return;
    const frame = isEscaped ? undefined : frameOf(Uint8Array.from(content));
    if (frame === undefined) faults.badChecks += 1;
    else onFrame(frame);
  };

  const take = (byte: number) => {
    if (byte === FLAG) {
      if (!isOutside) complete();
      content = [];
      isEscaped = false;
      isOutside = false;
    } else if (isOutside) faults.discarded += 1;
    else if (byte === ESCAPE && !isEscaped) isEscaped = true;
    else {
      content.push(isEscaped ? byte ^ CHANGED : byte);
      isEscaped = false;
      if (content.length <= maxPayload() + AROUND) return;
      faults.badLengths += 1;
      isOutside = true;
    }
  };

  return {
    push(chunk) {
      for (const byte of chunk) take(byte);
    },
    resynchronize() {
      isOutside = true;
    },
    get isPartial() {
      return !isOutside && (content.length > 0 || isEscaped);
    },
    faults,
  };
}

function frameOf(bytes: Uint8Array): Frame | undefined {
  const [address = 0, field = 0] = bytes;
  const type = frameTypeOf(field);
  const check = bytes.length - 1;
  if (check < AROUND - 1 || (address & 1) === 0 || type === undefined) return undefined;
  if (!isIntact(bytes, 0, checkedLength(type, check), bytes[check] as number)) return undefined;
  return { type, ...readAddress(address), pf: (field & POLL_FINAL) !== 0, payload: bytes.subarray(2, check) };
}

/** How many of that many bytes the checksum covers: all but UI leave the payload out (5.2.1.6). */
function checkedLength(type: Frame['type'], length: number): number {
  return type === 'UI' ? length : 2;
}
