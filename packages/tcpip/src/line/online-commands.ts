import { ato, cipOpen, type LinkState } from '@a7600/at-codec';
import { catchError, concat, ignoreElements, map, mergeMap, Observable, of, Subscription } from 'rxjs';
import type { Lane } from '../lane/lane.js';
import { runRepeatable } from '../lane/repeat.js';
import type { LinkFound } from './events.js';
import type { Proof } from './proof.js';

/** The link that can be transparent (application note, 1.6). */
export const TRANSPARENT_LINK = 0;
/** Time in ms for `CONNECT` after `ATO`, which comes at once or not at all: nothing has to be dialled. */
const RETURN_TIMEOUT = 9_000;

/** The commands that the line itself sends while a connection waits. */
export class OnlineCommands {
  private readonly lane: Pick<Lane, 'run'>;
  private readonly proof: Proof;
  private returning = Subscription.EMPTY;

  constructor(lane: Pick<Lane, 'run'>, proof: Proof) {
    this.lane = lane;
    this.proof = proof;
  }

  /**
   * Asks whether the module has the connection, which `isOurs` recognises, and calls `done` with the answer. A module
   * that does not have it says so twice: one answer may be damaged, and commands would go to the peer.
   */
  verify(isOurs: (link: LinkState) => boolean, done: (found: LinkFound) => void): void {
    const asked$ = runRepeatable(this.lane, cipOpen.read()).pipe(
      map((links): LinkFound => {
        const state = links.find(({ link }) => link === TRANSPARENT_LINK);
        if (state === undefined) return 'gone';
        return isOurs(state) ? 'open' : 'another';
      }),
      catchError(() => of('gone' as const)),
    );
    asked$.pipe(mergeMap((found) => (found === 'open' ? of(found) : asked$))).subscribe(done);
  }

  /** Goes back to data mode. How `ATO` ended is told by the lane; calls `failed` when it was not sent. */
  return(failed: () => void): void {
    let asked = false;
    const ato$ = new Observable<never>((subscriber) => {
      asked = true;
      const command = { ...ato(), timeout: RETURN_TIMEOUT };
      return this.lane.run(command).pipe(ignoreElements()).subscribe(subscriber);
    });
    this.returning = concat(this.proof.renew(), ato$).subscribe({
      error: () => {
        if (!asked) failed();
      },
    });
  }

  /** Takes `ATO` out of the queue, if it is still there. */
  cancelReturn(): void {
    this.returning.unsubscribe();
  }
}
