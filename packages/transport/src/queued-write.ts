import type { Subscriber } from 'rxjs';

/** A write that waits for its turn. */
export interface QueuedWrite {
  readonly bytes: Uint8Array;
  readonly subscriber: Subscriber<never>;
}

/** The bytes of writes that go out together; those of a single one are not copied. */
export function joined(writes: readonly QueuedWrite[]): Uint8Array {
  const [first] = writes;
  if (writes.length === 1 && first !== undefined) return first.bytes;
  const whole = new Uint8Array(writes.reduce((length, { bytes }) => length + bytes.length, 0));
  let at = 0;
  for (const { bytes } of writes) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}
