import type { Frame } from './frame.js';
import { dataFrame } from './steps.js';

/** Bytes that wait for their turn on one channel. */
export interface Pending {
  readonly bytes: Uint8Array;
  /** Called when the port has accepted the last of them. */
  readonly accepted: () => void;
}

/** A frame to send, and what to do when the port has accepted it. */
export interface Outgoing {
  readonly frame: Frame;
  readonly accepted: () => void;
}

const NOTHING = () => {};

/**
 * What waits to be sent: control frames first, then one frame of each channel in turn, so that none
 * waits for more than one frame of each of the others.
 */
export class Outbox {
  private readonly frameSize: (dlci: number) => number;
  private readonly control: Frame[] = [];
  /** In the order of their turns. */
  private readonly channels = new Map<number, { readonly queue: Pending[]; sent: number }>();

  /** @param frameSize The longest payload of a frame on a channel, in bytes. */
  constructor(frameSize: (dlci: number) => number) {
    this.frameSize = frameSize;
  }

  /** Queues a frame of the multiplexer's own. */
  command(frame: Frame): void {
    this.control.push(frame);
  }

  /** Queues bytes on a channel. Returns a function that removes what no frame has taken yet. */
  write(dlci: number, pending: Pending): () => void {
    const channel = this.channels.get(dlci) ?? { queue: [], sent: 0 };
    this.channels.set(dlci, channel);
    channel.queue.push(pending);
    return () => {
      const index = channel.queue.indexOf(pending);
      if (index === 0) channel.sent = 0;
      if (index >= 0) channel.queue.splice(index, 1);
    };
  }

  /** Drops what waits on a channel. */
  clear(dlci: number): void {
    this.channels.delete(dlci);
  }

  /** Bytes wait on the channel. */
  isWaiting(dlci: number): boolean {
    return (this.channels.get(dlci)?.queue.length ?? 0) > 0;
  }

  /** The next frame; undefined when nothing may be sent now. */
  next(maySend: (dlci: number) => boolean): Outgoing | undefined {
    const command = this.control.shift();
    if (command !== undefined) return { frame: command, accepted: NOTHING };
    for (const [dlci, channel] of this.channels) {
      const [pending] = channel.queue;
      if (pending === undefined || !maySend(dlci)) continue;
      // Last in turn from now on.
      this.channels.delete(dlci);
      this.channels.set(dlci, channel);
      const payload = pending.bytes.subarray(channel.sent, channel.sent + this.frameSize(dlci));
      channel.sent += payload.length;
      if (channel.sent < pending.bytes.length) return { frame: dataFrame(dlci, payload), accepted: NOTHING };
      channel.queue.shift();
      channel.sent = 0;
      return { frame: dataFrame(dlci, payload), accepted: pending.accepted };
    }
    return undefined;
  }
}
