import type { Endpoint } from '../links/link-handler.js';
import type { ReceiveMode } from '../links/receive-mode.js';

/** What is known of a link when it becomes a socket. */
export interface SocketOrigin {
  readonly link: number;
  readonly kind: 'tcp' | 'udp';
  readonly remote: Endpoint | undefined;
  readonly server: number | undefined;
  readonly receive: ReceiveMode;
}
