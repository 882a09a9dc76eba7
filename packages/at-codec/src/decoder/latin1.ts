/** A method of Node's `Buffer.prototype` that works on every `Uint8Array`. */
type NativeSlice = (this: Uint8Array, start: number, end: number) => string;

/** The part of Node's globals that matters here. */
interface NodeLike {
  readonly Buffer?: { readonly prototype?: { readonly latin1Slice?: NativeSlice } };
}

/** Arguments that one call takes on every engine. */
const BLOCK = 4096;

/** Returns the native decoder, where the platform has one. */
function findNative(): NativeSlice | undefined {
  const slice = (globalThis as NodeLike).Buffer?.prototype?.latin1Slice;
  try {
    return slice?.call(Uint8Array.of(0x61, 0xff), 0, 2) === 'a\xff' ? slice : undefined;
  } catch {
    return undefined;
  }
}

const native = /* @__PURE__ */ findNative();

/** Decodes each byte as one character, U+0000 to U+00FF, so that nothing is replaced or joined. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return native === undefined ? plainLatin1(bytes, start, end) : native.call(bytes, start, end);
}

/** Does the same on platforms without a native decoder. */
export function plainLatin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += BLOCK) {
    const block = bytes.subarray(at, Math.min(end, at + BLOCK));
    text += String.fromCharCode.apply(null, block as unknown as number[]);
  }
  return text;
}
