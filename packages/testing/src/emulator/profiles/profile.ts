import type { DataModeOptions } from './data-mode.js';
import type { FramingOptions } from './framing.js';
import type { Identity } from './identity.js';
import type { LinkOptions } from './links.js';
import type { MobileOptions } from './mobile.js';
import type { MultiplexingOptions } from './multiplexing.js';
import type { NetworkOptions } from './network.js';
import type { ReceivingOptions } from './receiving.js';
import type { ServerOptions } from './servers.js';
import type { StartOptions } from './start.js';

/** A series of modules with an AT command manual of its own. */
export type Family = 'a76xx' | 'sim7600';

/**
 * What a firmware does where firmwares differ: plain data, so that one is made from another by
 * `{ ...a76xx, notifies: 'each arrival' }`. Each option names its source; where nothing is known, one
 * that a driver must not depend on was chosen.
 */
export interface Profile
  extends FramingOptions,
    NetworkOptions,
    LinkOptions,
    ReceivingOptions,
    ServerOptions,
    DataModeOptions,
    StartOptions,
    MultiplexingOptions,
    MobileOptions {
  /** As `--profile` of the program takes it. */
  readonly name: string;
  /** Whose commands it has, where the A76XX and the SIM7500/SIM7600 series differ. */
  readonly family: Family;
  /** What it says of itself. */
  readonly identity: Identity;
}
