import type { Fault } from './fault.js';
import { healthy } from './healthy.js';
import { lineFaults } from './line.js';
import { networkFaults } from './network.js';
import { portFaults } from './port.js';
import { simFaults } from './sim.js';

/** The matrix: every fault, in the order of the chain. */
export const faults: readonly Fault[] = [
  ...healthy,
  ...portFaults,
  ...lineFaults,
  ...simFaults,
  ...networkFaults,
];
