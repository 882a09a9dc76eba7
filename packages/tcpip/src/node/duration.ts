/** Longest time of a timer of Node, in ms. */
const LONGEST = 2 ** 31 - 1;

/** A time in ms for a timer. Throws what Node throws for one that makes no sense; cuts it where Node does. */
export function validDuration(ms: unknown): number {
  if (typeof ms !== 'number') {
    throw Object.assign(
      new TypeError(`The "msecs" argument must be of type number. Received ${typeof ms}.`),
      {
        code: 'ERR_INVALID_ARG_TYPE',
      },
    );
  }
  if (!(ms >= 0 && ms < Number.POSITIVE_INFINITY)) {
    const message = `The value of "msecs" is out of range. It must be a non-negative finite number. Received ${ms}.`;
    throw Object.assign(new RangeError(message), { code: 'ERR_OUT_OF_RANGE' });
  }
  return Math.min(ms, LONGEST);
}
