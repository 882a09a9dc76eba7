import type { DataModeKnobs } from './data-mode.js';
import type { FramingKnobs } from './framing.js';
import type { Identity } from './identity.js';
import type { LinkKnobs } from './links.js';
import type { NetworkKnobs } from './network.js';
import type { ReceivingKnobs } from './receiving.js';
import type { ServerKnobs } from './servers.js';
import type { StartKnobs } from './start.js';

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
    StartKnobs {
  readonly name: string;
  readonly identity: Identity;
}
