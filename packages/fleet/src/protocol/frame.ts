import { parseJson } from './record.js';

/** Kinds of frames on the wire. */
const KIND = { data: 1, credit: 2, end: 3, opened: 4, ending: 5, reset: 6 } as const;
/** The first byte of a RESET frame. */
export const RESET = KIND.reset;
/** Bytes before what the kind of a frame has. */
export const FRAME_HEADER = 12;
/** The most bytes in one DATA frame. */
export const FRAME_BYTES = 16_384;
const CREDIT_LENGTH = FRAME_HEADER + 8;
/** Flag of CREDIT: send again from the offset. */
const RESEND = 1;
/** Flag of CREDIT: OPENED has not come. */
const UNOPENED = 2;
const HALF = 2 ** 32;
const encoder = new TextEncoder();

/** What passes between the two ends of a stream. */
export type Frame =
  | { readonly kind: 'data'; readonly offset: number; readonly bytes: Uint8Array }
  | {
      readonly kind: 'credit';
      /** Bytes that came in order so far; one more when the END came. */
      readonly received: number;
      /** The offset up to which the other side may send. */
      readonly limit: number;
      readonly resend: boolean;
      readonly unopened: boolean;
    }
  | { readonly kind: 'end'; readonly offset: number; readonly json: unknown }
  | { readonly kind: 'opened' | 'ending' | 'reset'; readonly json: unknown };

/** Writes a frame. */
export function encodeFrame(frame: Frame): Uint8Array {
  switch (frame.kind) {
    case 'data': {
      const data = blank(KIND.data, frame.offset, frame.bytes.length);
      data.set(frame.bytes, FRAME_HEADER);
      return data;
    }
    case 'credit': {
      const data = blank(KIND.credit, frame.received, 8);
      data[1] = (frame.resend ? RESEND : 0) | (frame.unopened ? UNOPENED : 0);
      putOffset(data, FRAME_HEADER, frame.limit);
      return data;
    }
    case 'end':
      return withJson(KIND.end, frame.offset, frame.json);
    case 'opened':
    case 'ending':
    case 'reset':
      return withJson(KIND[frame.kind], 0, frame.json);
  }
}

/**
 * Reads a frame. Undefined for one of a kind that this version does not know, which a higher minor version may send;
 * throws `PROTOCOL` for one that breaks its form.
 */
export function decodeFrame(data: Uint8Array): Frame | undefined {
  if (data.length < FRAME_HEADER) return undefined;
  const offset = offsetAt(data, 4);
  switch (data[0]) {
    case KIND.data:
      return { kind: 'data', offset, bytes: data.subarray(FRAME_HEADER) };
    case KIND.credit:
      if (data.length < CREDIT_LENGTH) return undefined;
      return {
        kind: 'credit',
        received: offset,
        limit: offsetAt(data, FRAME_HEADER),
        resend: ((data[1] ?? 0) & RESEND) !== 0,
        unopened: ((data[1] ?? 0) & UNOPENED) !== 0,
      };
    case KIND.end:
      return { kind: 'end', offset, json: parseJson(data.subarray(FRAME_HEADER)) };
    case KIND.opened:
      return { kind: 'opened', json: parseJson(data.subarray(FRAME_HEADER)) };
    case KIND.ending:
      return { kind: 'ending', json: parseJson(data.subarray(FRAME_HEADER)) };
    case KIND.reset:
      return { kind: 'reset', json: parseJson(data.subarray(FRAME_HEADER)) };
    default:
      return undefined;
  }
}

/**
 * Starts a DATA frame whose bytes the caller fills in after {@link FRAME_HEADER}.
 *
 * @param offset - Of the first byte.
 * @param length - How many bytes.
 */
export function blankData(offset: number, length: number): Uint8Array {
  return blank(KIND.data, offset, length);
}

function blank(kind: number, offset: number, length: number): Uint8Array {
  const data = new Uint8Array(FRAME_HEADER + length);
  data[0] = kind;
  putOffset(data, 4, offset);
  return data;
}

function withJson(kind: number, offset: number, json: unknown): Uint8Array {
  const text = encoder.encode(JSON.stringify(json));
  const data = blank(kind, offset, text.length);
  data.set(text, FRAME_HEADER);
  return data;
}

function putOffset(data: Uint8Array, at: number, offset: number): void {
  const view = new DataView(data.buffer, data.byteOffset);
  view.setUint32(at, Math.floor(offset / HALF));
  view.setUint32(at + 4, offset % HALF);
}

function offsetAt(data: Uint8Array, at: number): number {
  const view = new DataView(data.buffer, data.byteOffset);
  return view.getUint32(at) * HALF + view.getUint32(at + 4);
}
