import type { Subscriber } from 'rxjs';
import type { TransportError } from '../errors.js';
import type { SerialPortLike } from './serial-port-like.js';
import type { TtyWriter } from './tty-stream.js';

/** Bytes of a write that is not copied to be sent together with others. */
const LARGE = 16_384;

interface Write {
  readonly bytes: Uint8Array;
  readonly subscriber: Subscriber<never>;
}

/**
 * Writes to a port: directly what the kernel takes at once, the rest through the tty stream, or else the
 * port, which wait for room. The first write of a turn of the event loop goes out immediately, the others of the
 * same turn together after it.
 */
export class PortWriter {
  private readonly port: SerialPortLike;
  private readonly tty: TtyWriter | undefined;
  private readonly onLost: (error: Error) => TransportError;
  private burst: Write[] | undefined;
  private waiting = 0;
  private readonly onIdle: (() => void)[] = [];

  constructor(port: SerialPortLike, tty: TtyWriter | undefined, onLost: (error: Error) => TransportError) {
    this.port = port;
    this.tty = tty;
    this.onLost = onLost;
  }

  send(bytes: Uint8Array, subscriber: Subscriber<never>): void {
    const write = { bytes, subscriber };
    if (this.burst !== undefined) {
      this.burst.push(write);
      return;
    }
    this.beginBurst();
    this.handOver([write]);
  }

  /** Calls `done` once everything that was written is accepted, or has failed. */
  whenIdle(done: () => void): void {
    if (this.waiting === 0 && this.burst === undefined) done();
    else this.onIdle.push(done);
  }

  private beginBurst(): void {
    if (this.burst !== undefined) return;
    this.burst = [];
    queueMicrotask(() => this.endBurst());
  }

  private endBurst(): void {
    const writes = this.burst ?? [];
    this.burst = undefined;
    for (const group of groupsOf(writes)) this.handOver(group);
    this.idle();
  }

  private handOver(writes: readonly Write[]): void {
    const bytes = joined(writes);
    const { tty, port } = this;
    const sent = this.waiting === 0 && tty !== undefined ? tty.writeNow(bytes) : 0;
    if (sent === bytes.length) {
      this.settle(writes);
      return;
    }
    this.waiting += 1;
    (tty ?? port).write(bytes.subarray(sent), (error) => {
      this.waiting -= 1;
      this.settle(writes, error ? this.onLost(error) : undefined);
      this.idle();
    });
  }

  /** What is written while the writers are told goes out together. */
  private settle(writes: readonly Write[], failure?: TransportError): void {
    this.beginBurst();
    for (const { subscriber } of writes) {
      if (failure === undefined) subscriber.complete();
      else subscriber.error(failure);
    }
  }

  private idle(): void {
    if (this.waiting > 0 || this.burst !== undefined) return;
    for (const done of this.onIdle.splice(0)) done();
  }
}

/** Small writes together, so that they cost one call; large ones alone, as copying would cost more. */
function groupsOf(writes: readonly Write[]): Write[][] {
  const groups: Write[][] = [];
  let small: Write[] = [];
  for (const write of writes) {
    if (write.bytes.length < LARGE) {
      if (small.length === 0) groups.push(small);
      small.push(write);
    } else {
      groups.push([write]);
      small = [];
    }
  }
  return groups;
}

function joined(writes: readonly Write[]): Uint8Array {
  const [first] = writes;
  if (writes.length === 1 && first !== undefined) return first.bytes;
  return Buffer.concat(writes.map(({ bytes }) => bytes));
}
