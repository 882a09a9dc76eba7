import { type MonoTypeOperatorFunction, Observable, type SchedulerLike } from 'rxjs';
import type { Console } from '../console.js';

/** Time in ms between two looks of a person at the clock. */
const TICK = 1_000;

/**
 * Shows on a terminal that something goes on, and for how long: a line below what is printed, which is gone before the
 * next value.
 *
 * @param console where messages go; nothing is shown with `--quiet`, or where that is no terminal
 * @param what what goes on
 * @param scheduler whose time it is
 * @returns an operator that passes on what comes
 */
export function showingTime<T>(
  { messages, quiet }: Pick<Console, 'messages' | 'quiet'>,
  what: string,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<T> {
  if (quiet || messages.isTTY !== true) return (source) => source;
  return (source) =>
    new Observable((subscriber) => {
      let since = scheduler.now();
      let isShown = false;
      const clear = () => {
        if (isShown) messages.write('\r\x1b[K');
        isShown = false;
      };
      const ticking = scheduler.schedule(function tick() {
        const seconds = Math.round((scheduler.now() - since) / 1_000);
        // A line that is wrapped could not be taken back.
        const line = `${what}: ${seconds} s`.slice(0, (messages.columns || 80) - 1);
        messages.write(`\r${line}\x1b[K`);
        isShown = true;
        this.schedule(undefined, TICK);
      }, TICK);
      const over = () => {
        ticking.unsubscribe();
        clear();
      };
      subscriber.add(over);
      subscriber.add(
        source.subscribe({
          next(value) {
            clear();
            since = scheduler.now();
            subscriber.next(value);
          },
          error(error: unknown) {
            over();
            subscriber.error(error);
          },
          complete() {
            over();
            subscriber.complete();
          },
        }),
      );
    });
}
