import { isIntact } from './fcs.js';
import { FLAG, type Frame, frameTypeOf, POLL_FINAL, readAddress } from './frame.js';

/** What a `FrameDecoder` could not read as a frame, counted since it was made. */
export interface FrameFaults {
  /** Bytes outside frames, the flags left out. */
  readonly discarded: number;
  /** Headers whose length is above the limit. */
  readonly badLengths: number;
  /** Frames whose checksum is wrong. */
  readonly badChecks: number;
  /** Frames without a flag where their length says that they end. */
  readonly lostFlags: number;
}

/** Finds frames in a stream of bytes. */
export interface FrameDecoder {
  /**
   * Reads bytes and calls `onFrame` for each frame that they complete. Payloads may be views of them.
   *
   * @param chunk the next bytes of the stream
   */
  push(chunk: Uint8Array): void;
  /**
   * Gives up on the frame that has begun and looks for others in what it would have swallowed. To be
   * called when the line has been silent in the middle of a frame: a damaged length promises bytes
   * that never come.
   */
  resynchronize(): void;
  /** A frame has begun and is not complete. */
  readonly isPartial: boolean;
  /** What it could not read as a frame. */
  readonly faults: FrameFaults;
}

/**
 * Makes a decoder for frames of the basic option. It holds at most one frame and reads the same
 * frames however the stream was cut. A frame counts only with an intact checksum and a flag at its end;
 * after one that does not, the search goes on directly after its first flag, so that a damaged length
 * costs no frame that is whole.
 *
 * @param maxPayload the longest payload in bytes
 * @param onFrame called with each frame
 * @param onDiscarded called with bytes outside frames. Default: they are counted only.
 * @returns the decoder
 * @see 3GPP TS 27.010, 5.2
 */
export function frameDecoder(
  maxPayload: () => number,
  onFrame: (frame: Frame) => void,
  onDiscarded: (bytes: Uint8Array) => void = () => {},
): FrameDecoder {
  const faults = { discarded: 0, badLengths: 0, badChecks: 0, lostFlags: 0 };
  /** Bytes from the flag on that may begin a frame. */
  let pending: Uint8Array = new Uint8Array(0);

  const read = (bytes: Uint8Array) => {
    let at = 0;
    for (;;) {
      const flag = bytes.indexOf(FLAG, at);
      const end = flag < 0 ? bytes.length : flag;
      faults.discarded += end - at;
      if (end > at) onDiscarded(bytes.subarray(at, end));
      at = end;
      const taken = flag < 0 ? undefined : frameAt(bytes, at);
      if (taken === undefined) break;
      // The closing flag may open the next frame too, so it is not consumed with the frame.
      at += taken;
    }
    pending = bytes.subarray(at);
  };

  /** Bytes to go on by; undefined while the frame that begins at the flag is not complete. */
  const frameAt = (bytes: Uint8Array, flag: number): number | undefined => {
    const address = bytes[flag + 1];
    if (address === undefined) return undefined;
    // A flag again: the one before closed a frame or filled a pause.
    if (address === FLAG) return 1;
    const field = bytes[flag + 2];
    const short = bytes[flag + 3];
    if (field === undefined || short === undefined) return undefined;
    const isShort = (short & 1) === 1;
    const long = isShort ? 0 : bytes[flag + 4];
    if (long === undefined) return undefined;
    const length = (short >> 1) | (long << 7);
    const type = frameTypeOf(field);
    const isLong = length > maxPayload();
    if ((address & 1) === 0 || type === undefined || isLong) {
      if (isLong) faults.badLengths += 1;
      return 1;
    }
    const start = flag + (isShort ? 4 : 5);
    const check = start + length;
    const closing = bytes[check + 1];
    if (closing === undefined) return undefined;
    const isSound =
      isIntact(bytes, flag + 1, type === 'UI' ? check : start, bytes[check] as number) ||
      (!isShort && isIntactSwapped(bytes, flag + 1, bytes[check] as number));
    if (!isSound) {
      faults.badChecks += 1;
      return 1;
    }
    if (closing !== FLAG) {
      faults.lostFlags += 1;
      return 1;
    }
    const payload = bytes.subarray(start, check);
    onFrame({ type, ...readAddress(address), pf: (field & POLL_FINAL) !== 0, payload });
    return check + 1 - flag;
  };

  return {
    push(chunk) {
      if (pending.length === 0) {
        read(chunk);
        return;
      }
      const joined = new Uint8Array(pending.length + chunk.length);
      joined.set(pending);
      joined.set(chunk, pending.length);
      read(joined);
    },
    resynchronize() {
      if (pending.length > 1) read(pending.subarray(1));
    },
    get isPartial() {
      return pending.length > 1;
    },
    faults,
  };
}

/**
 * Whether the checksum is right if both bytes of the length enter it in the wrong order, as some firmware has it. The
 * header begins at `start`.
 */
function isIntactSwapped(bytes: Uint8Array, start: number, check: number): boolean {
  const [address = 0, field = 0, low = 0, high = 0] = bytes.subarray(start, start + 4);
  return isIntact(Uint8Array.of(address, field, high, low), 0, 4, check);
}
