import { type Command, commandBytes } from '@a7600/at-codec';
import type { ByteLink } from '@a7600/transport';
import type { SchedulerLike } from 'rxjs';
import type { FullTrace } from '../base/trace.js';

/** What a {@link Wire} writes to, and who is told. */
export interface WireOptions {
  readonly port: Pick<ByteLink, 'write'>;
  readonly scheduler: SchedulerLike;
  readonly trace: FullTrace | undefined;
}

/** Writes to the module, and tells the trace. */
export class Wire {
  private readonly options: WireOptions;
  private lastWrite = Number.NEGATIVE_INFINITY;

  /** When something was written last. */
  get writtenAt(): number {
    return this.lastWrite;
  }

  constructor(options: WireOptions) {
    this.options = options;
  }

  command(command: Command): void {
    const { scheduler, trace } = this.options;
    trace?.({ at: scheduler.now(), kind: 'command', text: command.label });
    this.write(commandBytes(command));
  }

  payload(bytes: Uint8Array): void {
    const { scheduler, trace } = this.options;
    trace?.({ at: scheduler.now(), kind: 'payload', bytes });
    this.write(bytes);
  }

  private write(bytes: Uint8Array): void {
    const { port, scheduler } = this.options;
    this.lastWrite = scheduler.now();
    port.write(bytes).subscribe(ACCEPTED);
  }
}

/** A link that fails ends its `received$` too, which is where the failure is dealt with. */
const ACCEPTED = { error: () => {} };
