import type { Observable } from 'rxjs';
import { ModemError } from '../base/errors.js';
import type { Lifetime } from '../base/lifetime.js';
import type { ReceiveMode } from '../links/receive-mode.js';
import type { Session } from '../session/session.js';
import type { Ports } from './ports.js';
import type { Servers } from './servers.js';

/** What sockets and servers need of the network that they are opened in. */
export interface NetworkScope {
  readonly session: Session;
  readonly lifetime: Lifetime;
  /** Errors when the network is lost; replays that. */
  readonly lost$: Observable<never>;
  /** The module turned out not to be in transparent mode: the network is lost. */
  readonly notTransparent: () => void;
  /** A transparent connection that the module has announced was made, or was not, as in another mode. */
  readonly transparentConnection: (isMade: boolean) => void;
  /** The local ports in use. */
  readonly ports: Ports;
  /** The servers in use. */
  readonly servers: Servers;
  readonly receive: ReceiveMode;
  /** What is pushed bears the link number. */
  readonly linkInHeader: boolean;
  readonly transparent: boolean;
  /** The first link, and the first server, that is not reserved for transparent mode (application note, 1.6). */
  readonly firstFree: 0 | 1;
  /** Completes when the module is set for links in command mode. Cold. */
  readonly readyForLinks: () => Observable<never>;
}

/** Throws when nothing can be opened in the network any more, or no transparent session in this one. */
export function assertOpen(
  { lifetime, transparent }: NetworkScope,
  use: 'links' | 'transparent' = 'links',
): void {
  if (lifetime.ending) throw new ModemError('CLOSED', 'The network was closed: open it again first.');
  if (use === 'links' || transparent) return;
  throw new ModemError('WRONG_MODE', 'Open the network with transparent: true for a transparent session.');
}
