/** Prints a line of JSON for the process that has started this one. */
export function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Time in ms between two measurements: collecting all garbage takes some of it. */
const PERIOD = 3_000;

/** Prints the size of the heap from time to time, without garbage if the process was started with `--expose-gc`. */
export function measured(): void {
  setInterval(() => {
    globalThis.gc?.();
    say({ heap: process.memoryUsage().heapUsed });
  }, PERIOD);
}
