import type { Port } from '../at/port.js';
import { DATA_VALID, EXTENSION, FLOW_STOPPED, READY_TO_COMMUNICATE, READY_TO_RECEIVE } from './messages.js';
import { VirtualLine } from './virtual-line.js';

/** What a {@link Channel} is made of. */
export interface ChannelOptions {
  readonly dlci: number;
  readonly port: Port;
  /** Whether the module drives DCD on it. */
  readonly hasCarrier: () => boolean;
  /** Called when there is something to send. */
  readonly waiting: () => void;
  /** Called when what the module drives has changed. */
  readonly signalled: () => void;
}

/** An open channel: a virtual AT port, with the V.24 lines that MSC tells of. */
export class Channel {
  readonly dlci: number;
  readonly port: Port;
  private readonly options: ChannelOptions;
  private readonly line: VirtualLine;
  private readonly disconnectPort: () => void;
  private hostStops = false;
  private told: number | undefined;

  constructor(options: ChannelOptions) {
    const { dlci, port, waiting, signalled } = options;
    this.options = options;
    this.dlci = dlci;
    this.port = port;
    this.line = new VirtualLine({ port, waiting, stopping: signalled });
    this.disconnectPort = port.connect(this.line);
    port.dtr = true;
  }

  /** Whether something may go out on it. */
  get isReady(): boolean {
    return this.line.backlog > 0 && !this.hostStops;
  }

  /** Takes the payload of a frame out. */
  take(count: number): Uint8Array {
    return this.line.take(count);
  }

  /** Called when a frame has gone out: the port prints on when all has. */
  sent(): void {
    if (this.line.backlog === 0) this.port.drained();
  }

  /** The lines that the host drives. */
  heed(octet: number): void {
    this.hostStops = (octet & FLOW_STOPPED) !== 0;
    this.port.dtr = (octet & READY_TO_COMMUNICATE) !== 0;
  }

  /** What the module drives, where that has changed since it was told last. */
  news(): number | undefined {
    const { hasCarrier } = this.options;
    const octet =
      EXTENSION |
      READY_TO_COMMUNICATE |
      READY_TO_RECEIVE |
      (this.line.stops ? FLOW_STOPPED : 0) |
      (hasCarrier() ? DATA_VALID : 0);
    if (octet === this.told) return undefined;
    this.told = octet;
    return octet;
  }

  /** From now on the host knows of no signal. */
  forget(): void {
    this.told = undefined;
  }

  close(): void {
    this.disconnectPort();
    this.line.disconnect();
    this.port.dtr = false;
  }
}
