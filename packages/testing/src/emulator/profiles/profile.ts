import type { DataModeKnobs } from './data-mode.js';
import type { FramingKnobs } from './framing.js';
import type { Identity } from './identity.js';
import type { LinkKnobs } from './links.js';
import type { MobileOptions } from './mobile.js';
import type { NetworkKnobs } from './network.js';
import type { ReceivingKnobs } from './receiving.js';
import type { ServerKnobs } from './servers.js';
import type { StartKnobs } from './start.js';

/** A series of modules with an AT command manual of its own. */
export type Family = 'a76xx' | 'sim7600';

/**
 * What a firmware does where firmwares differ: plain data, so that one is made from another by
 * `{ ...a76xx, notifies: 'each arrival' }`. Each knob names its source; where nothing is known, one
 * that a driver must not depend on was chosen.
 */
export interface Profile
  extends FramingKnobs,
    NetworkKnobs,
    LinkKnobs,
    ReceivingKnobs,
    ServerKnobs,
    DataModeKnobs,
    StartKnobs,
    MobileOptions {
  readonly name: string;
  /** Whose commands it has, where the A76XX and the SIM7500/SIM7600 series differ. */
  readonly family: Family;
  readonly identity: Identity;
}
