/**
 * Hands on one item in each turn of the event loop, in order, the first one at once. The sockets of an
 * operating system behave so: a program that awaits an event, and then the next one, misses none of them. Several lines
 * of the module can arrive in one turn.
 */
export class OnePerTurn<T> {
  private readonly handle: (item: T) => void;
  private readonly waiting: T[] = [];
  private turn: NodeJS.Immediate | undefined;

  /** @param handle Called with each item. */
  constructor(handle: (item: T) => void) {
    this.handle = handle;
  }

  /** Hands an item on, now or in a later turn. */
  push(item: T): void {
    if (this.turn !== undefined) {
      this.waiting.push(item);
      return;
    }
    this.take();
    this.handle(item);
  }

  /** Takes this turn for something that its listener may await before it awaits the next item. */
  take(): void {
    this.turn ??= setImmediate(() => {
      this.turn = undefined;
      const [next] = this.waiting.splice(0, 1);
      if (next !== undefined) this.push(next);
    });
  }

  /** Discards what waits. */
  clear(): void {
    this.waiting.length = 0;
  }
}
