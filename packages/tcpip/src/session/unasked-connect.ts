import { clientAccepted } from '@a7600/at-codec';
import { catchError, EMPTY, ignoreElements, type Observable, type SchedulerLike, Subject } from 'rxjs';
import type { Router } from '../lane/router.js';
import { TRANSPARENT_LINK } from '../line/online-commands.js';
import type { LinkTable } from '../links/link-table.js';

/** Time in ms from the report of a client to its `CONNECT`, which follows at once. */
const ANNOUNCED_TIME = 1_000;

/** What `CONNECT` means that no command was answered with: data mode has begun, for a client of a server or for nothing. */
export class UnaskedConnect {
  private readonly links: LinkTable;
  private readonly scheduler: SchedulerLike;
  private readonly connects = new Subject<void>();
  /** When a client was reported last for the link that transparent connections have. */
  private announcedAt = Number.NEGATIVE_INFINITY;
  /** A client was reported right before the last `CONNECT`. */
  private wasAnnounced = false;

  /** Emits for each client that the module serves in data mode, as nothing here has asked it to. Hot, no replay. */
  readonly client$: Observable<void> = this.connects.asObservable();

  constructor(router: Router, links: LinkTable, scheduler: SchedulerLike) {
    this.links = links;
    this.scheduler = scheduler;
    router.on(clientAccepted, ({ link }) => {
      if (link === TRANSPARENT_LINK) this.announcedAt = scheduler.now();
    });
  }

  /** `CONNECT` has come unasked in command mode. */
  heard(): void {
    this.wasAnnounced = this.scheduler.now() - this.announcedAt < ANNOUNCED_TIME;
    if (this.wasAnnounced) this.connects.next();
  }

  /**
   * Closes the connection whose data mode was left. Where a socket in command mode has its link, what became of the link
   * is asked for, unless the module has just accepted that connection.
   */
  closeLink(): Observable<never> {
    const { links } = this;
    const kind = links.get(TRANSPARENT_LINK)?.info.kind;
    const isSockets = kind !== undefined && kind !== 'transparent';
    if (!isSockets || this.wasAnnounced) return links.close(TRANSPARENT_LINK);
    return links.confirm().pipe(
      ignoreElements(),
      catchError(() => EMPTY),
    );
  }
}
