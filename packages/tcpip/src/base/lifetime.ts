/**
 * What all other folders use: the errors, the tree of open resources, disposers and the trace of the dialogue. It
 * knows nothing of modules and links.
 *
 * @module
 */

import {
  concat,
  defer,
  EMPTY,
  merge,
  type Observable,
  onErrorResumeNextWith,
  ReplaySubject,
  type SchedulerLike,
} from 'rxjs';

const NOTHING: readonly never[] = [];

/**
 * The tree of open resources: a network holds servers and sockets, a server holds the sockets that it
 * accepted. Releasing a node releases its children first, also if a child is being released already.
 */
export class Lifetime {
  // Each socket has one, mostly without children and with one action: nothing is kept for more of them.
  private children: readonly Lifetime[] = NOTHING;
  private actions: readonly (() => Observable<unknown>)[] = NOTHING;
  private readonly parent: Lifetime | undefined;
  private readonly scheduler: SchedulerLike;
  private released$: ReplaySubject<never> | undefined;

  private constructor(scheduler: SchedulerLike, parent?: Lifetime) {
    this.scheduler = scheduler;
    this.parent = parent;
  }

  /** The root of a tree. */
  static root(scheduler: SchedulerLike): Lifetime {
    return new Lifetime(scheduler);
  }

  /** A part that is released before this one. */
  child(): Lifetime {
    const child = new Lifetime(this.scheduler, this);
    this.children = this.children.concat(child);
    return child;
  }

  /** Whether the release has begun. */
  get ending(): boolean {
    return this.released$ !== undefined;
  }

  /** Runs `action` on release, before those that were added earlier. Its failure is ignored. */
  onRelease(action: () => Observable<unknown>): void {
    this.actions = [action, ...this.actions];
  }

  /**
   * Starts the release, once, and completes when it is done. Not bound to its subscribers: they
   * may come late or leave early.
   *
   * The work begins in a turn of its own: RxJS tears a pipeline down from its source on, and what
   * stands further down must be unsubscribed before it could see its source fail.
   */
  release(): Observable<never> {
    if (this.released$ !== undefined) return this.released$;
    const released$ = new ReplaySubject<never>(0);
    this.released$ = released$;
    this.scheduler.schedule(() => {
      const children = this.children.map((child) => child.release());
      const actions = this.actions.map((action) => defer(action).pipe(onErrorResumeNextWith(EMPTY)));
      concat(merge(...children), ...actions).subscribe({
        complete: () => {
          this.parent?.forget(this);
          released$.complete();
        },
      });
    });
    return released$;
  }

  private forget(child: Lifetime): void {
    this.children = this.children.filter((other) => other !== child);
  }
}
