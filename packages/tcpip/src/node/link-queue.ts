import { LAST_LINK } from '@a7600/at-codec';
import { catchError, defer, Observable, throwError } from 'rxjs';
import { isModemError, ModemError } from '../base/errors.js';
import type { LinkInfo } from '../links/link-handler.js';
import type { ModemNetwork } from './modem-network.js';

/** How long, and how many, connections wait for one of the module's ten links. */
export interface LinkWait {
  /** Longest wait for a free link in ms; `EMFILE` after that. Default 120000. */
  readonly linkTimeout?: number | undefined;
  /** Connections that may wait at a time; one more is `EMFILE` at once. Default 1000. */
  readonly linkQueue?: number | undefined;
}

/** Something idle that holds a link and can do without it. */
export interface IdleHolder {
  /** Closes it. */
  destroy(): unknown;
}

const TIMEOUT = 120_000;
const QUEUE = 1_000;
const LINKS = LAST_LINK + 1;

const queues = new WeakMap<ModemNetwork, LinkQueue>();

/** The queue for the links of a network; the same one for each call. */
export function linkQueueOf(network: ModemNetwork): LinkQueue {
  const known = queues.get(network);
  if (known !== undefined) return known;
  const queue = new LinkQueue(network.links$);
  queues.set(network, queue);
  return queue;
}

/**
 * Connections that wait for one of the module's ten links, first come, first served. While any
 * wait, idle connections that were offered with {@link offer} are closed, the longest idle first.
 */
export class LinkQueue {
  private readonly links$: Observable<readonly LinkInfo[]>;
  private readonly waiting: (() => void)[] = [];
  private readonly idle = new Set<IdleHolder>();
  private links: readonly LinkInfo[] = [];
  private watching = { unsubscribe: () => {} };
  private attemptDue = false;

  constructor(links$: Observable<readonly LinkInfo[]>) {
    this.links$ = links$;
  }

  /**
   * Subscribes to `open$` as soon as a link is free. Errors with `CAPACITY`, which names who holds
   * the links, when none is in time or too many wait already.
   */
  whenFree<T>(open$: Observable<T>, wait: LinkWait): Observable<T> {
    return defer(() => {
      if (this.waiting.length > 0) return this.wait(open$, wait);
      return open$.pipe(
        catchError((error: unknown) =>
          this.isFull(error) ? this.wait(open$, wait) : throwError(() => error),
        ),
      );
    });
  }

  /** Offers the link of an idle connection to connections that wait, now or later. */
  offer(holder: IdleHolder): void {
    this.idle.add(holder);
    if (this.waiting.length > 0) this.reclaim();
  }

  /** Takes the offer back: the connection is in use again, or closed. */
  withdraw(holder: IdleHolder): void {
    this.idle.delete(holder);
  }

  private wait<T>(
    open$: Observable<T>,
    { linkTimeout = TIMEOUT, linkQueue = QUEUE }: LinkWait,
  ): Observable<T> {
    return new Observable((subscriber) => {
      if (this.waiting.length >= linkQueue) {
        subscriber.error(this.full(`${this.waiting.length} connections wait for one already`));
        return;
      }
      const leave = () => {
        clearTimeout(timer);
        const index = this.waiting.indexOf(attempt);
        if (index >= 0) this.waiting.splice(index, 1);
        if (this.waiting.length === 0) this.watching.unsubscribe();
        else this.attemptSoon();
      };
      const attempt = () => {
        const opening = open$.subscribe({
          next: (value) => {
            leave();
            subscriber.next(value);
          },
          error: (error: unknown) => {
            // Taken by another one: it stays the first in the queue.
            if (this.waiting[0] === attempt && this.isFull(error)) return;
            leave();
            subscriber.error(error);
          },
          complete: () => subscriber.complete(),
        });
        // The link is claimed by now, also while the connection is being made.
        if (!opening.closed) leave();
        subscriber.add(opening);
      };
      const late = () => {
        leave();
        subscriber.error(this.full(`none became free in ${linkTimeout} ms`));
      };
      const timer = setTimeout(late, linkTimeout).unref();
      this.waiting.push(attempt);
      subscriber.add(leave);
      if (this.waiting.length === 1) this.watch();
      this.reclaim();
    });
  }

  private watch(): void {
    this.watching.unsubscribe();
    this.watching = this.links$.subscribe((links) => {
      this.links = links;
      if (links.length < LINKS) this.attemptSoon();
    });
  }

  /** Lets the first one try, outside of the notification that a link is free. */
  private attemptSoon(): void {
    if (this.attemptDue) return;
    this.attemptDue = true;
    process.nextTick(() => {
      this.attemptDue = false;
      if (this.links.length < LINKS) this.waiting[0]?.();
    });
  }

  /** Closes idle connections, one for each connection that waits and has no link on its way. */
  private reclaim(): void {
    const closing = this.links.filter(({ state }) => state === 'closing').length;
    for (const holder of [...this.idle].slice(0, Math.max(0, this.waiting.length - closing))) {
      this.idle.delete(holder);
      holder.destroy();
    }
  }

  private isFull(error: unknown): boolean {
    if (!isModemError(error, 'CAPACITY')) return false;
    this.links$.subscribe((links) => (this.links = links)).unsubscribe();
    return this.links.length >= LINKS;
  }

  private full(what: string): ModemError {
    const holders = this.links.map(({ link, kind, state, remote, server }) => {
      const peer = remote === undefined ? '' : ` with ${remote.host}:${remote.port}`;
      const origin = server === undefined ? '' : `, accepted by server ${server}`;
      return `${link}: ${kind}${peer}${origin} (${state})`;
    });
    return new ModemError(
      'CAPACITY',
      `All ${LINKS} links of the module are in use, and ${what}. Close a connection first. ` +
        `In use: ${holders.join('; ')}.`,
    );
  }
}
