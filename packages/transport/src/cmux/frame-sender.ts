import type { SchedulerLike } from 'rxjs';
import type { ByteLink } from '../byte-link.js';
import { encodeFrame, type Frame } from './frame.js';
import { Outbox } from './outbox.js';
import { Pacer } from './pacer.js';

/**
 * Frames that may be unsent in the port: enough to keep it busy, few enough that a command does not wait long. A
 * port accepts more than it has sent, so what has left it is reckoned from its rate, where it has one.
 */
const MOST_UNSENT = 2;

/** What a {@link FrameSender} works with. */
export interface FrameSenderOptions {
  readonly port: ByteLink;
  readonly scheduler: SchedulerLike;
  /** The longest payload of a frame on a channel, in bytes. */
  readonly frameSize: (dlci: number) => number;
  /** Whether the module takes data on a channel now. */
  readonly maySend: (dlci: number) => boolean;
}

/** Gives frames to the port, as long as it has little unsent. */
export class FrameSender {
  private readonly options: FrameSenderOptions;
  private readonly outbox: Outbox;
  private readonly pacer: Pacer;
  /** Frames that the port has not accepted. */
  private unaccepted = 0;
  private pumping = false;

  constructor(options: FrameSenderOptions) {
    const { port, scheduler, frameSize } = options;
    this.options = options;
    this.outbox = new Outbox(frameSize);
    this.pacer = new Pacer({ port, scheduler, limit: MOST_UNSENT, onRoom: () => this.pump() });
  }

  /** Queues a frame of the multiplexer's own; {@link pump} sends it. */
  command(frame: Frame): void {
    this.outbox.command(frame);
  }

  /** Queues bytes on a channel. Returns a function that removes what was not sent yet. */
  write(dlci: number, bytes: Uint8Array, accepted: () => void): () => void {
    const cancel = this.outbox.write(dlci, { bytes, accepted });
    this.pump();
    return cancel;
  }

  /** Drops what waits on a channel. */
  clear(dlci: number): void {
    this.outbox.clear(dlci);
  }

  /** Whether bytes wait on the channel. */
  isWaiting(dlci: number): boolean {
    return this.outbox.isWaiting(dlci);
  }

  stop(): void {
    this.pacer.stop();
  }

  /** Sends what may be sent. */
  pump(): void {
    if (this.pumping) return;
    const { port, maySend } = this.options;
    this.pumping = true;
    while (this.unaccepted < MOST_UNSENT && this.pacer.hasRoom) {
      const outgoing = this.outbox.next(maySend);
      if (outgoing === undefined) break;
      const bytes = encodeFrame(outgoing.frame);
      this.unaccepted += 1;
      this.pacer.sent(bytes.length);
      port.write(bytes).subscribe({
        // The end of the port says more about the cause than the failure of one write.
        error: () => {},
        complete: () => {
          this.unaccepted -= 1;
          outgoing.accepted();
          this.pump();
        },
      });
    }
    this.pumping = false;
  }
}
