import type { Observable } from 'rxjs';
import { ModemError } from './errors.js';
import type { Lifetime } from './lifetime.js';
import type { Session } from './session.js';

/** What sockets and servers need of the network that they are opened in. */
export interface NetworkScope {
  readonly session: Session;
  readonly lifetime: Lifetime;
  /** Errors when the network is lost; replays that. */
  readonly lost$: Observable<never>;
  /** Indexes of the servers in use. */
  readonly servers: Set<number>;
}

/** Throws `CLOSED` when nothing can be opened in the network any more. */
export function assertOpen({ lifetime }: NetworkScope): void {
  if (lifetime.ending) throw new ModemError('CLOSED', 'The network was closed: open it again first.');
}
