/** One array of both. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

/** A copy of the last `count` bytes of `a` followed by `b`. */
export function tailOf(a: Uint8Array, b: Uint8Array, count: number): Uint8Array {
  return b.length >= count ? b.slice(b.length - count) : joined(a, b).slice(-count);
}
