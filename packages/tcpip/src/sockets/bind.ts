import { cipOpen } from '@a7600/at-codec';
import { concat, type Observable } from 'rxjs';
import { assertDistinguishable } from '../links/distinguishable.js';
import type { Endpoint } from '../links/link-handler.js';
import { holding } from './holding.js';
import { openLink } from './open-link.js';
import { assertOpen, type NetworkScope } from './scope.js';
import { UdpLink } from './udp-link.js';
import type { UdpSocket } from './udp-socket.js';

/** Which UDP socket to open. */
export interface BindOptions {
  /** Port on the module's side, 1 to 65535. */
  readonly port: number;
  /** Where datagrams without an address go. Default: nowhere, each says where. */
  readonly remote?: Endpoint | undefined;
  /**
   * Called once after the observable has ended or was unsubscribed from, when the module has given
   * up what it held, so that it can be used again.
   */
  readonly onReleased?: (() => void) | undefined;
}

/** Opens a UDP socket when subscribed to; see `Network.bind`. */
export function bind(network: NetworkScope, options: BindOptions): Observable<UdpSocket> {
  const { port, remote, onReleased } = options;
  return holding(network, onReleased, (scope) => {
    assertOpen(network);
    const command = (link: number) => cipOpen.udp({ link, localPort: port, peer: remote });
    command(0);
    const { session, receive } = scope;
    assertDistinguishable(scope, { kind: 'udp', remote });
    const make = (link: number) =>
      new UdpLink(session, { link, remote, localPort: port, server: undefined, receive });
    return concat(
      scope.readyForLinks(),
      openLink(scope, make, command, (lifetime) => scope.ports.take('udp', port, lifetime)),
    );
  });
}
