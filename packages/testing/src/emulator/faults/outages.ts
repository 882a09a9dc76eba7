import type { Clock } from '../clock.js';
import type { Faults } from './faults.js';

/** What {@link outages} takes away. */
export interface OutageContext {
  readonly faults: Faults;
  readonly clock: Clock;
  restart(): void;
  loseBearer(duration: number): void;
  loseRegistration(duration: number): void;
  unplug(): void;
}

/** Returns what is called at each command line, where an outage may begin. */
export function outages({ faults, clock, ...module }: OutageContext): () => void {
  return () => {
    if (faults.fires('restart')) clock.after(faults.pause(), () => module.restart());
    if (faults.fires('bearerLoss')) {
      clock.after(faults.pause(), () => module.loseBearer(faults.outage()));
    }
    if (faults.fires('registrationLoss')) {
      clock.after(faults.pause(), () => module.loseRegistration(faults.outage()));
    }
    if (faults.fires('unplug')) module.unplug();
  };
}
