import { emulator, recorded } from '@a7600/testing';

/** A module on a UART with flow control, as slow as the recorded modules. */
export const real = emulator({ uart: { baudRate: 115_200, rtscts: true, hostFifo: 32 }, timing: recorded });
