import type { StallableNetwork } from '../networks/stallable.js';
import { type Random, type Range, within } from '../random.js';
import type { Assembly } from './assembly.js';
import { Alarm, type Clock } from './clock.js';
import type { Device } from './device.js';
import type { Absences } from './faults/absences.js';

/** Time in ms between the restarts of a module with a weak supply. */
const RESTART_GAP: Range = [2_000, 8_000];

/** What the outside is made of. */
export interface OutsideOptions {
  readonly assembly: Assembly;
  readonly network: StallableNetwork;
  readonly device: Device;
  /** Goes on when the module is switched off. */
  readonly clock: Clock;
  readonly chance: Random;
  unplug(): void;
}

/** What happens to a module, with or without a word. */
export interface Outside extends Absences {
  readonly device: Device;
  unplug(): void;
  losePort(duration?: number): void;
  stallBearer(duration?: number): void;
  releaseBearer(): void;
  /** Restarts at once and again and again; returns what ends that. */
  restartEvery(gap?: Range): () => void;
  /** Ends what is still going on. */
  calm(): void;
}

export function outside({ assembly, network, device, clock, chance, unplug }: OutsideOptions): Outside {
  const { module, restartSilently, loseNetwork, otherProgram } = assembly;
  const stalling = new Alarm(clock);
  const plugging = new Alarm(clock);
  const restarting = new Alarm(clock);
  const restartingEnds = new Alarm(clock);

  const releaseBearer = () => {
    stalling.cancel();
    network.release();
  };
  const endRestarts = () => {
    restarting.cancel();
    restartingEnds.cancel();
  };
  const restartEvery = (gap: Range = RESTART_GAP) => {
    module.start();
    restarting.set(within(gap, chance), () => restartEvery(gap));
    return endRestarts;
  };

  return {
    device,
    unplug,
    releaseBearer,
    restartEvery,
    restartSilently,
    loseNetwork,
    otherProgram,
    die: () => module.powerOff(),
    stallBearer(duration) {
      network.stall();
      if (duration !== undefined) stalling.set(duration, releaseBearer);
    },
    restartRepeatedly(duration) {
      restartEvery();
      restartingEnds.set(duration, endRestarts);
    },
    losePort(duration) {
      device.lose();
      unplug();
      if (duration !== undefined) plugging.set(duration, () => device.plug());
    },
    calm() {
      releaseBearer();
      endRestarts();
    },
  };
}
