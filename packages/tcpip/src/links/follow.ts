import type { LinkEnd } from '@a7600/transport';
import type { Observable, Subscriber } from 'rxjs';
import { after } from '../base/after.js';

/** A connection that was opened, and how it ended. */
export interface Endable {
  /** Completes when the link is closed on the module. */
  readonly gone$: Observable<never>;
  readonly ended$: Observable<LinkEnd>;
}

/** Ends a subscriber as the connection did that it was given, once its link is free again. */
export function follow({ gone$, ended$ }: Endable, subscriber: Subscriber<unknown>): void {
  subscriber.add(
    after(gone$, () => ended$).subscribe((end) => {
      if (end.by === 'lost') subscriber.error(end.error);
      else subscriber.complete();
    }),
  );
}
