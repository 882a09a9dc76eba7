import { cipOpen } from '@a7600/at-codec';
import { defer, type Observable } from 'rxjs';
import { assertTellable } from '../links/push-receiver.js';
import { assertOpen, type NetworkScope } from '../network/scope.js';
import { openLink } from './open-link.js';
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
}

/** Opens a connection when subscribed to; see `Network.connect`. */
export function connect(scope: NetworkScope, options: ConnectOptions): Observable<TcpSocket> {
  return defer(() => {
    assertOpen(scope);
    const command = (link: number) => cipOpen({ ...options, link });
    command(0);
    const { session, receive } = scope;
    const remote = { host: options.host, port: options.port };
    assertTellable(scope, remote);
    return openLink(
      scope,
      (link) => new TcpLink(session, { link, remote, server: undefined, receive }),
      command,
    );
  });
}
