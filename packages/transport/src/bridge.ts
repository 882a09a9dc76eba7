import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  map,
  merge,
  Observable,
  tap,
  throwError,
} from 'rxjs';
import type { ByteLink, LinkEnd } from './byte-link.js';
import { isTransportError } from './errors.js';
import { type PumpOptions, pump } from './pump.js';

/** What a {@link bridge} has carried, and at last why it ended. */
export interface BridgeStatistics {
  /** Bytes that `a` received and `b` has accepted. */
  readonly aToB: number;
  /** Bytes that `b` received and `a` has accepted. */
  readonly bToA: number;
  /** Which link ended first, and why. In the last value only. */
  readonly ended: BridgeEnd | undefined;
}

/** The end of a {@link bridge}. */
export interface BridgeEnd {
  /** The link that ended first. */
  readonly link: 'a' | 'b';
  /** Why it ended. */
  readonly reason: LinkEnd;
}

/**
 * Joins two links: what either receives is written to the other, at the pace of the slower one.
 *
 * Cold. Emits the bytes carried so far in both directions with each chunk that was accepted. When one
 * of the links has ended and all that it received is accepted by the other, it emits once more, with
 * the reason, and completes; errors when one of them is lost. A link whose other side only stops
 * sending ends that direction of the other link, where that has half-open, and the opposite
 * direction goes on. Closes neither link, then or on unsubscribing. In each direction at most
 * `highWater` bytes and one chunk are in memory.
 *
 * @param a one link
 * @param b the other link
 * @param options how much may be in memory
 * @returns a cold observable of the byte counts
 * @throws the error of a link that is lost
 */
export function bridge(a: ByteLink, b: ByteLink, options?: PumpOptions): Observable<BridgeStatistics> {
  return new Observable((subscriber) => {
    let statistics: BridgeStatistics = { aToB: 0, bToA: 0, ended: undefined };
    const carried = (way: 'aToB' | 'bToA') => (size: number) => {
      statistics = { ...statistics, [way]: statistics[way] + size };
      subscriber.next(statistics);
    };
    const over = (ended: BridgeEnd) => {
      subscriber.next({ ...statistics, ended });
      subscriber.complete();
    };
    const aToB$ = oneWay(a, b, carried('aToB'), options).pipe(
      map((reason) => ({ link: 'a', reason }) as const),
    );
    const bToA$ = oneWay(b, a, carried('bToA'), options).pipe(
      map((reason) => ({ link: 'b', reason }) as const),
    );
    return merge(aToB$, bToA$).subscribe({ next: over, error: (error: unknown) => subscriber.error(error) });
  });
}

/** Carries one direction; emits why `from` has ended once everything is across. */
function oneWay(
  from: ByteLink,
  to: ByteLink,
  carried: (size: number) => void,
  options?: PumpOptions,
): Observable<LinkEnd> {
  // A link that was closed refuses bytes; its own direction tells the end, after what it received.
  const refused = (error: unknown) =>
    isTransportError(error, 'TRANSPORT_CLOSED') ? to.ended$.pipe(ignoreElements()) : throwError(() => error);
  const pumped$ = pump(from, to, options).pipe(tap(carried), ignoreElements(), catchError(refused));
  // Nothing is left to carry: a link that has ended in the meantime need not be told.
  const told$ = defer(() => to.end?.() ?? EMPTY).pipe(catchError(() => EMPTY));
  return concat(pumped$, told$, from.ended$);
}
