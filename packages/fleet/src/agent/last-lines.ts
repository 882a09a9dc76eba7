/** Lines that are kept. */
const LINES = 200;
/** Bytes of a bundle at the most: an event has to fit into a message. */
const LARGEST = 16_384;

/** The last lines of a dialogue: what was before a failure. */
export class LastLines {
  private readonly lines: string[] = [];
  private next = 0;

  /** @param line - Secrets and payload hidden. */
  add(line: string): void {
    this.lines[this.next] = line;
    this.next = (this.next + 1) % LINES;
  }

  /** The lines as a text, the oldest first and the first ones left out where all are too long; forgets them. */
  take(): { readonly size: number; readonly text: string } {
    const whole = [...this.lines.slice(this.next), ...this.lines.slice(0, this.next)].join('\n');
    this.lines.length = 0;
    this.next = 0;
    return { size: whole.length, text: whole.slice(-LARGEST) };
  }
}
