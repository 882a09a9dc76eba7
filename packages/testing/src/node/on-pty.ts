import { bridge, type Transport } from '@a7600/transport';
import { combineLatest, ignoreElements, merge, type Observable, of, switchMap } from 'rxjs';
import { openPty } from './pty.js';

/** A device that a program can open as a serial port. */
export interface OnPty {
  /** The path to open: `/dev/pts/4`. */
  readonly path: string;
}

/**
 * Puts a transport, for instance an emulator, behind a pseudo-terminal. Cold: emits the path once
 * both are open, completes when either has ended; unsubscribing takes both away. Errors when either
 * fails.
 */
export function onPty(transport: Transport): Observable<OnPty> {
  return combineLatest([openPty(), transport]).pipe(
    switchMap(([pty, link]) => merge(of({ path: pty.path }), bridge(pty, link).pipe(ignoreElements()))),
  );
}
