import type { Clock } from '../clock.js';
import type { Faults } from './faults.js';
import type { FaultKind } from './kinds.js';

/** What can be taken away without a word. Times are in ms. */
export interface Absences {
  /** The module dies: it is off, and no line has said so. */
  die(): void;
  /** The module restarts, and its start lines are not heard. */
  restartSilently(): void;
  /** Network, links and servers are gone, in data mode too, and no line says so. */
  loseNetwork(): void;
  /** The bearer is there, and nothing passes for that time. */
  stallBearer(duration: number): void;
  /** The module restarts every few seconds for that time. */
  restartRepeatedly(duration: number): void;
  /** Another program types a command on another port; what it is answered goes there. */
  otherProgram(line: string): void;
  /** The port is gone for that time, and comes back under another name. */
  losePort(duration: number): void;
}

/** Returns what is called at any arrival and at anything printed, where one of them may happen. */
export function absences(faults: Faults, clock: Clock, module: Absences): () => void {
  const effects: Partial<Record<FaultKind, () => void>> = {
    silentDeath: () => module.die(),
    silentRestart: () => module.restartSilently(),
    silentNetworkLoss: () => module.loseNetwork(),
    stalledBearer: () => module.stallBearer(faults.outage()),
    restartLoop: () => module.restartRepeatedly(faults.outage()),
    changedSetting: () => module.otherProgram(faults.otherCommand()),
    portLoss: () => module.losePort(faults.outage()),
  };
  const kinds = Object.entries(effects) as [FaultKind, () => void][];
  return () => {
    if (faults.quiet) return;
    for (const [kind, happen] of kinds) {
      if (faults.fires(kind)) clock.later(faults.pause(), happen);
    }
  };
}
