/**
 * The time between `end()` and the close of a link whose peer has not ended yet. The module cannot
 * end one direction alone, so the peer is given time to say what it has to say.
 */
export class HalfClose {
  private readonly timer: NodeJS.Timeout;

  /**
   * @param timeout ms without a byte from the peer, after which `onTimeout` is called.
   * @param isDelayed whether the reader has not taken yet what came; the time starts again then.
   */
  constructor(timeout: number, isDelayed: () => boolean, onTimeout: () => void) {
    this.timer = setTimeout(() => {
      if (isDelayed()) this.timer.refresh();
      else onTimeout();
    }, timeout).unref();
  }

  /** The peer has sent something. */
  refresh(): void {
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
