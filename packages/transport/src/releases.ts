/**
 * What this program is releasing: opening the same resource again waits for that.
 *
 * Unsubscribing cannot be waited for, so `retry()` and `switchMap` subscribe again while the system
 * still closes what they held.
 */
export function releases<K>(pending: Pending<K>) {
  return {
    /** Notes that `key` is being released until `released` resolves. */
    add(key: K, released: Promise<unknown>): void {
      const settled = released.then(
        () => {},
        () => {},
      );
      const all = Promise.all([pending.get(key), settled]).then(() => {
        if (pending.get(key) === all) pending.delete(key);
      });
      pending.set(key, all);
    },
    /** Resolves when nothing of `key` is being released any more; at once if nothing is. */
    done: (key: K): Promise<void> => pending.get(key) ?? Promise.resolve(),
  };
}

/** A `Map`, or a `WeakMap`. */
interface Pending<K> {
  get(key: K): Promise<void> | undefined;
  set(key: K, value: Promise<void>): unknown;
  delete(key: K): boolean;
}
