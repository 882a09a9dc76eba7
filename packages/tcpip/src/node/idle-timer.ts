/** Calls back when nothing has happened for a while; does not keep the process alive. */
export class IdleTimer {
  private readonly onIdle: () => void;
  private timer: NodeJS.Timeout | undefined;

  constructor(onIdle: () => void) {
    this.onIdle = onIdle;
  }

  /** Starts to wait for so many ms without anything happening; 0 stops. */
  start(ms: number): void {
    this.stop();
    if (ms > 0) this.timer = setTimeout(this.onIdle, ms).unref();
  }

  /** Something happened. */
  refresh(): void {
    this.timer?.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
