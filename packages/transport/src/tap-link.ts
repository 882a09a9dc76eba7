import { type MonoTypeOperatorFunction, map, share, tap } from 'rxjs';
import type { ByteLink, LinkEnd } from './byte-link.js';
import { overlay } from './overlay.js';
import { writing } from './write-data.js';

/** What an observer of a link is told, while it happens. The bytes are not copied: only look. */
export interface LinkObserver {
  /** A chunk that the subscribers of `received$` are about to get. */
  readonly received?: ((bytes: Uint8Array) => void) | undefined;
  /** A chunk that is about to be written. */
  readonly written?: ((bytes: Uint8Array) => void) | undefined;
  /** The link has ended. */
  readonly ended?: ((end: LinkEnd) => void) | undefined;
}

/**
 * Lets an observer see what passes through a link: `serial(…).pipe(tapLink({ written }))`. What
 * the observer leaves out is not intercepted.
 *
 * @param observer called with what passes, while it passes
 * @returns an operator on transports
 */
export function tapLink<L extends ByteLink>(observer: LinkObserver): MonoTypeOperatorFunction<L> {
  return map((link) => tapped(link, observer));
}

/** The link to use instead of `link`, which shows the observer what passes. */
export function tapped<L extends ByteLink>(link: L, { received, written, ended }: LinkObserver): L {
  const seen: { -readonly [K in keyof ByteLink]?: ByteLink[K] } = {};
  if (ended !== undefined) link.ended$.subscribe(ended);
  if (received !== undefined) seen.received$ = link.received$.pipe(tap(received), share());
  if (written !== undefined) {
    seen.write = writing((bytes) => link.write(bytes).pipe(tap({ subscribe: () => written(bytes) })));
  }
  return overlay(link, seen);
}
