import { emulator } from '@a7600/testing';

/** A module with faults by chance, the same ones with the same seed … */
export const faulty = emulator({ faults: { seed: 7, rates: { split: 0.1, lostNotification: 0.01 } } });

/** … and by script: a restart at the fourth command from now, and the loss of one line. */
faulty.control.faults.next('restart', { skip: 3 });
faulty.control.faults.next('lostLine', { line: /CIPEVENT/ });
