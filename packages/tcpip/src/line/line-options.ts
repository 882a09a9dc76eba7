import type { Decoder } from '@a7600/at-codec';
import type { ByteLink } from '@a7600/transport';
import type { Observable, SchedulerLike } from 'rxjs';
import type { FullTrace } from '../base/trace.js';
import type { Lane } from '../lane/lane.js';
import type { LineUse } from './tables.js';

/** What the line asks of the rest of the session. */
export interface LineTarget {
  /** Asks the module to close the link, until it has. Never errors. */
  closeLink(): Observable<never>;
  /** The modem has to end: the module has restarted, or does not answer. */
  endModem(why: 'restarted' | 'silent'): void;
  /** Data mode was left: what the module reported meanwhile may have been lost. */
  leftDataMode(): void;
}

/** What a line works with. */
export interface LineOptions {
  readonly port: ByteLink;
  readonly scheduler: SchedulerLike;
  readonly lane: Lane;
  /** Whether commands have another port. */
  readonly use: LineUse;
  /** Asks for the connection: the lane of this port, or that of the other one. */
  readonly asking: Lane;
  readonly decoder: Pick<Decoder, 'dataMode' | 'lineMode' | 'push'>;
  readonly trace: FullTrace | undefined;
  readonly target: LineTarget;
  /** Returns numbers from 0 up to 1 that a peer cannot guess. */
  readonly random: () => number;
  /** RTS/CTS hold back payload, so that CTS says nothing about the module. */
  readonly flowControl: boolean;
}
