import { lstatSync, readlinkSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { bridge, type Transport, TransportError } from '@a7600/transport';
import { combineLatest, finalize, ignoreElements, merge, type Observable, of, switchMap } from 'rxjs';
import { openPty, type Pty } from './pty.js';

/** A device that a program can open as a serial port. */
export interface OnPty {
  /** The path to open: `/dev/pts/4`. */
  readonly path: string;
}

/** Settings of {@link onPty}. */
export interface OnPtyOptions {
  /** A symbolic link to make to the device, so that its name is the same every time: `./modem`. */
  readonly link?: string | undefined;
}

/**
 * Puts a transport, for instance an emulator, on a pseudo-terminal. Cold: emits the path once
 * both are open, completes when either has ended; unsubscribing takes both away. Errors when either
 * fails, and with `PORT_FAILED` when the link cannot be made, for instance where something else has
 * its name.
 *
 * @param transport Opened once the pseudo-terminal is there.
 * @param options `link`: path of a symbolic link to it. Default: none.
 * @returns The path. Errors where there is no pseudo-terminal, or the link cannot be made.
 */
export function onPty(transport: Transport, { link }: OnPtyOptions = {}): Observable<OnPty> {
  return combineLatest([openPty(), transport]).pipe(
    switchMap(([pty, opened]) => {
      const emitted$ = merge(of({ path: pty.path }), bridge(pty, opened).pipe(ignoreElements()));
      return link === undefined ? emitted$ : emitted$.pipe(finalize(linkTo(pty, link)));
    }),
  );
}

/** Why a link cannot be made, by the code of the system. */
const LINK_ERRORS: Readonly<Record<string, string>> = {
  EEXIST: 'something of that name exists. Remove it, or choose another name.',
  ENOENT: 'its folder does not exist.',
  ENOTDIR: 'a part of its path is no folder.',
  EACCES: 'this user may not write to its folder.',
  EPERM: 'this user may not write to its folder.',
  EROFS: 'its file system is read-only.',
};

/** Makes a symbolic link; returns what takes it away again. */
function linkTo({ path }: Pty, link: string): () => void {
  try {
    if (isLeftOver(link, path)) unlinkSync(link);
    symlinkSync(path, link);
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const why = LINK_ERRORS[code] ?? `${message}.`;
    throw new TransportError('PORT_FAILED', `Cannot make the link ${link}: ${why}`, cause);
  }
  return () => {
    try {
      if (readlinkSync(link) === path) unlinkSync(link);
    } catch {
      // Another program has removed it.
    }
  };
}

/**
 * Whether it is a link that a program left that was killed: to a device that is gone, or to the one
 * that has its number now.
 */
function isLeftOver(link: string, path: string): boolean {
  const found = lstatSync(link, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() !== true) return false;
  return readlinkSync(link) === path || statSync(link, { throwIfNoEntry: false }) === undefined;
}
