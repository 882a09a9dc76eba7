import { cipSend, joinChunks } from '@a7600/at-codec';
import { bytesOf, type Chunk } from '@a7600/transport';
import { defer, type Observable } from 'rxjs';
import { ModemError } from '../base/errors.js';
import { assertOptions } from '../base/given.js';
import type { Endpoint } from '../links/link-handler.js';
import type { Session } from '../session/session.js';
import { neverSent } from './link-messages.js';
import { LinkSocket } from './link-socket.js';
import type { SocketOrigin } from './socket-origin.js';
import type { Datagram, UdpSocket } from './udp-socket.js';

/** A {@link UdpSocket} over a link. */
export class UdpLink extends LinkSocket<Datagram> implements UdpSocket {
  readonly remote: Endpoint | undefined;
  readonly localPort: number;
  readonly datagrams$ = this.receiveQueue.received$;
  private readonly gathered: Uint8Array[] = [];

  constructor(session: Session, origin: Omit<SocketOrigin, 'kind'> & { readonly localPort: number }) {
    super(session, { ...origin, kind: 'udp' }, ({ bytes }) => bytes.length);
    this.remote = origin.remote;
    this.localPort = origin.localPort;
  }

  send(data: Chunk, to?: Endpoint): Observable<never> {
    const send$ = defer(() => {
      const bytes = bytesOf(data, 'send()');
      if (to !== undefined) assertOptions('send', to, "{ host: '10.0.0.1', port: 5000 }");
      if (to === undefined && this.remote === undefined) {
        throw new ModemError('WRONG_MODE', 'Say where to send to: the UDP socket was bound without a peer.');
      }
      cipSend({ link: this.link, bytes, to });
      return this.writer.write({ bytes, datagram: { to } });
    });
    return this.session.noticed(send$, () => neverSent(`send() of ${this.name}`));
  }

  protected deliver(chunks: readonly Uint8Array[]): void {
    this.receiveQueue.push({ bytes: joinChunks(chunks), from: undefined });
  }

  protected take(chunk: Uint8Array, remaining: number, from: Endpoint | undefined): void {
    this.gathered.push(chunk);
    if (remaining === 0) this.receiveQueue.push({ bytes: joinChunks(this.gathered.splice(0)), from });
  }

  protected cutShort(): void {
    this.gathered.length = 0;
  }
}
