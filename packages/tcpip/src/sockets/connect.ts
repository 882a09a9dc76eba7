import { cipOpen } from '@a7600/at-codec';
import type { Observable } from 'rxjs';
import { after } from '../base/after.js';
import { assertDistinguishable } from '../links/distinguishable.js';
import { holding } from './holding.js';
import { openLink } from './open-link.js';
import { assertOpen, type NetworkScope } from './scope.js';
import { TcpLink } from './tcp-link.js';
import type { TcpSocket } from './tcp-socket.js';

/** Where to connect to. */
export interface ConnectOptions {
  /** Address or name; the module resolves names. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** 0 to 65535. Default: any. */
  readonly localPort?: number | undefined;
  /**
   * Called once after the observable has ended or was unsubscribed from, when the module has given
   * up what it held, so that it can be used again.
   */
  readonly onReleased?: (() => void) | undefined;
}

/** Opens a connection when subscribed to; see `Network.connect`. */
export function connect(network: NetworkScope, options: ConnectOptions): Observable<TcpSocket> {
  const { host, port, localPort, onReleased } = options;
  return holding(network, onReleased, (scope) => {
    assertOpen(network);
    const command = (link: number) => cipOpen({ host, port, localPort, link });
    command(0);
    const { session, receive } = scope;
    const remote = { host, port };
    assertDistinguishable(scope, { kind: 'tcp', remote });
    const make = (link: number) => new TcpLink(session, { link, remote, server: undefined, receive });
    return after(scope.readyForLinks(), () => openLink(scope, make, command));
  });
}
