/** Counts what is held of the module, and says when all of it has been given back. */
export class Holding {
  private held = 0;
  private readonly listeners: (() => void)[] = [];

  /** Something is about to be acquired; the result is to be called once it is given back. */
  acquire(): () => void {
    this.held += 1;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.held -= 1;
      if (this.held > 0) return;
      for (const listener of this.listeners.splice(0)) listener();
    };
  }

  /** Calls back once nothing is held: at once, if that is so already. */
  whenReleased(listener: () => void): void {
    if (this.held === 0) listener();
    else this.listeners.push(listener);
  }
}
