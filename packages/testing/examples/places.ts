import { emulator, memoryNetwork } from '@a7600/testing';
import { hostNetwork, onPty, onTcp } from '@a7600/testing/node';
import { VirtualTimeScheduler } from 'rxjs';

/** A module with real sockets, on the loopback of this computer. */
export const onLoopback = emulator({ network: hostNetwork() });

/** A module in virtual time, with a network in memory: every run is the same. */
export const scheduler = new VirtualTimeScheduler();
export const inMemory = emulator({ scheduler, network: memoryNetwork({ scheduler }) });

/** A module for a program in any language: emits `{ path: '/dev/pts/4' }`. */
export const device$ = onPty(emulator());

/** The same on a TCP port. */
export const server$ = onTcp(emulator(), { port: 2000 });
