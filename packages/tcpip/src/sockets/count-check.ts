import { cipAck, cipRxGet, type LinkProgress } from '@a7600/at-codec';
import { EMPTY, filter, map, mergeMap, type Observable, of, type SchedulerLike, tap, timer } from 'rxjs';
import type { Lane } from '../lane/lane.js';
import { ByteCounts, type Finding, type OwnCounts } from './byte-counts.js';

/** Time in ms in which a module has pushed what it has received. */
const PUSH_TIME = 5_000;

/** What a {@link CountCheck} works with. */
export interface CountCheckOptions {
  readonly link: number;
  readonly lane: Pick<Lane, 'run'>;
  readonly scheduler: SchedulerLike;
  /** The module pushes what it receives, and holds nothing. */
  readonly isPushed: boolean;
  readonly isOpen: () => boolean;
  readonly own: () => OwnCounts;
  /** Called when bytes were pushed that did not arrive. */
  readonly onLost: () => void;
  /** Called when another program has used the connection, or has another one under its number. */
  readonly onFound: (found: Finding) => void;
}

/** Asks again where the counters of a connection do not agree, because a single answer may be damaged, and tells then. */
export class CountCheck {
  private readonly counts = new ByteCounts();
  private readonly options: CountCheckOptions;

  constructor(options: CountCheckOptions) {
    this.options = options;
  }

  /** The module has told how many bytes it has sent and received; what is returned is to be subscribed to. */
  counted(progress: LinkProgress): Observable<unknown> {
    const { isPushed, own } = this.options;
    if (this.counts.progress(progress, own()) !== undefined) return this.askAgain();
    if (isPushed) this.comparePushed(progress);
    return EMPTY;
  }

  /** The module has told how many bytes it holds, likewise. */
  held(held: number): Observable<unknown> {
    return this.counts.held(held, this.options.own()) === undefined ? EMPTY : this.askAgain();
  }

  private askAgain(): Observable<unknown> {
    const { link, lane, isPushed, own, isOpen, onFound } = this.options;
    return lane.run(cipAck({ link })).pipe(
      mergeMap((progress) => {
        const found = this.counts.progress(progress, own());
        if (found !== undefined || isPushed) return of(found);
        return lane.run(cipRxGet.held({ link })).pipe(map((held) => this.counts.held(held, own())));
      }),
      tap((found) => {
        if (found !== undefined && isOpen()) onFound(found);
      }),
    );
  }

  /** What the module has received and not pushed after a while was lost on the line, or went to another port. */
  private comparePushed({ received }: LinkProgress): void {
    const { link, lane, scheduler, own, isOpen, onLost } = this.options;
    const { read } = own();
    if (this.counts.held(0, own()) === undefined) return;
    timer(PUSH_TIME, scheduler)
      .pipe(
        filter(isOpen),
        mergeMap(() => lane.run(cipAck({ link }))),
      )
      .subscribe({
        next: (again) => {
          if (again.received === received && own().read === read && isOpen()) onLost();
        },
        error: () => {},
      });
  }
}
