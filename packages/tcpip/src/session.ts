import { type AtEvent, createDecoder, type Dialect, restarted } from '@a7600/at-codec';
import type { ByteLink } from '@a7600/transport';
import {
  concat,
  defer,
  type Observable,
  ReplaySubject,
  type SchedulerLike,
  type Subscription,
  takeUntil,
  timer,
} from 'rxjs';
import { ModemError } from './errors.js';
import { Lane } from './lane.js';
import { Lifetime } from './lifetime.js';
import { LinkTable } from './links.js';
import { Router } from './router.js';
import type { Trace } from './trace.js';

/** What a {@link Session} is made with. */
export interface SessionOptions {
  readonly scheduler: SchedulerLike;
  readonly dialect: Dialect;
  readonly trace: Trace | undefined;
  readonly startTimeout: number;
  readonly closeTimeout: number;
  readonly pollInterval: number;
}

/** Time in ms for the link to the module to take its last bytes and close. */
const LINK_CLOSE_TIMEOUT = 1_000;

/** One opened link to a module and all that is known about what runs over it. */
export class Session {
  readonly scheduler: SchedulerLike;
  readonly lifetime: Lifetime;
  readonly router = new Router();
  readonly lane: Lane;
  readonly links: LinkTable;
  private readonly link: ByteLink;
  private readonly options: SessionOptions;
  private readonly polling: Subscription;
  private readonly end$ = new ReplaySubject<never>(0);
  private closing: Observable<never> | undefined;
  private isReady = false;
  private isOver = false;

  /** Errors when the session breaks, completes when it is closed; replays that. */
  readonly ended$: Observable<never> = this.end$.asObservable();

  constructor(link: ByteLink, options: SessionOptions) {
    const { scheduler, dialect, trace } = options;
    this.link = link;
    this.options = options;
    this.scheduler = scheduler;
    this.lifetime = Lifetime.root(scheduler);
    const decoder = createDecoder(dialect, (event) => {
      trace?.({ at: scheduler.now(), kind: 'received', event });
      this.receive(event);
    });
    this.lane = new Lane({
      link,
      decoder,
      scheduler,
      trace,
      startTimeout: options.startTimeout,
      onSilent: (error) => this.break(error),
    });
    this.links = new LinkTable(this.lane, this.router, scheduler);
    for (const urc of restarted) this.router.on(urc, () => this.moduleRestarted());
    link.received$.subscribe({
      next: (chunk) => decoder.push(chunk),
      error: (error: Error) => this.break(error),
      complete: () => this.break(new ModemError('CLOSED', 'The other side closed the link to the module.')),
    });
    const { pollInterval } = options;
    this.polling = timer(pollInterval, pollInterval, scheduler).subscribe(() => this.links.pollAll());
    this.lane.start();
  }

  /** From now on start-up lines mean that the module has lost its state. */
  ready(): void {
    this.isReady = true;
  }

  /** Ends the session with `error`: everything in flight and every socket fails with it. */
  break(error: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.polling.unsubscribe();
    this.lane.end(error);
    this.links.loseAll(error);
    this.end$.error(error);
  }

  /**
   * Releases what is open, in order, then the link; not longer than the close timeout. Completes
   * when that is done; asked again, it joins.
   */
  close(): Observable<never> {
    if (this.closing !== undefined) return this.closing;
    const closed$ = new ReplaySubject<never>(0);
    this.closing = closed$;
    const { closeTimeout, scheduler } = this.options;
    const released$ = this.lifetime.release().pipe(takeUntil(timer(closeTimeout, scheduler)));
    const end$ = defer(() => {
      this.isOver = true;
      this.polling.unsubscribe();
      this.lane.end(new ModemError('CLOSED', 'The modem was closed.'));
      return this.link.close().pipe(takeUntil(timer(LINK_CLOSE_TIMEOUT, scheduler)));
    });
    concat(released$, end$).subscribe({
      error: () => closed$.complete(),
      complete: () => closed$.complete(),
    });
    closed$.subscribe({ complete: () => this.end$.complete() });
    return closed$;
  }

  private receive(event: AtEvent): void {
    if (!this.lane.offer(event)) this.router.route(event);
  }

  private moduleRestarted(): void {
    if (!this.isReady) return;
    this.break(
      new ModemError(
        'MODULE_RESTARTED',
        'The module restarted by itself: all its links and settings are gone. Check its power supply ' +
          'if that was not asked for, then open the modem again.',
      ),
    );
  }
}
