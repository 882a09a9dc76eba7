/** The port as a device of the host: it has a name, and can be gone. */
export class Device {
  private current: string | undefined;
  private last: string;

  constructor(path: string) {
    this.current = path;
    this.last = path;
  }

  /** Its name; undefined while it is gone. */
  get path(): string | undefined {
    return this.current;
  }

  /** The device is gone. */
  lose(): void {
    this.current = undefined;
  }

  /** The device is there again; by default under the next name: `/dev/ttyUSB3` after `/dev/ttyUSB2`. */
  plug(path = nextName(this.last)): void {
    this.current = path;
    this.last = path;
  }
}

function nextName(path: string): string {
  const [, stem = path, number] = /^(.*?)(\d+)$/.exec(path) ?? [];
  return `${stem}${Number(number ?? 0) + 1}`;
}
