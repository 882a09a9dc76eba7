import type { Dialect } from '@a7600/at-codec';
import type { ByteLink } from '@a7600/transport';
import type { SchedulerLike } from 'rxjs';
import type { OnMistake } from '../base/mistakes.js';
import type { FullTrace } from '../base/trace.js';
import type { Meter } from '../watch/traffic.js';
import type { ModemHistory } from './modem-history.js';

/** What a `Session` is made with. Times are in ms. */
export interface SessionOptions {
  readonly scheduler: SchedulerLike;
  readonly dialect: Dialect;
  readonly trace: FullTrace | undefined;
  readonly startTimeout: number;
  readonly closeTimeout: number;
  /** Time between two confirmations of what is believed about the module; false for none. */
  readonly confirmInterval: number | false;
  /** Whether what nothing here opened on the module may be closed. */
  readonly exclusive: boolean;
  readonly joinedReads: number;
  /** Counts the bytes that cost money, over all sessions of a modem. */
  readonly meter: Meter;
  /** What earlier sessions of the modem have learnt. */
  readonly history: ModemHistory;
  /** Releases the link to the module at once. */
  readonly releaseLink: () => void;
  /** RTS/CTS are used to hold back bytes. */
  readonly flowControl: boolean;
  /** Returns numbers from 0 up to 1 that a peer cannot guess. */
  readonly random: () => number;
  readonly onMistake: OnMistake | undefined;
  /** Rates to look for the module at, where the link has a rate. */
  readonly baudRates: readonly number[];
}

/** The opened links to the ports of a module. */
export interface OpenPorts {
  readonly control: ByteLink;
  /** Undefined where commands and data share a port. */
  readonly data: ByteLink | undefined;
}
