import { cipAck, joinChunks } from '@a7600/at-codec';
import { type WriteData, writing } from '@a7600/transport';
import { defer, ignoreElements, mergeMap, Observable, throwError } from 'rxjs';
import { until } from '../base/until.js';
import type { Endpoint } from '../links/link-handler.js';
import type { Session } from '../session/session.js';
import type { Acknowledging } from '../watch/acknowledgements.js';
import { neverSent } from './link-messages.js';
import { LinkSocket } from './link-socket.js';
import type { SocketOrigin } from './socket-origin.js';
import type { TcpSocket } from './tcp-socket.js';

/** A {@link TcpSocket} over a link. */
export class TcpLink extends LinkSocket<Uint8Array> implements TcpSocket, Acknowledging {
  readonly remote: Endpoint;
  readonly received$ = this.receiveQueue.received$;

  constructor(session: Session, origin: Omit<SocketOrigin, 'kind'> & { readonly remote: Endpoint }) {
    super(session, { ...origin, kind: 'tcp' }, (bytes) => bytes.length);
    this.remote = origin.remote;
    const forget = session.acknowledgements.add(this);
    this.gone$.subscribe({ complete: forget });
  }

  /** Where it is connected to, for the watch. */
  get host(): string {
    return this.remote.host;
  }

  /** Bytes that the module has taken. */
  get written(): number {
    return this.writer.confirmed;
  }

  readonly write = (data: WriteData): Observable<never> =>
    this.session.noticed(this.send(data), neverSent(`write() of ${this.name}`));
  private readonly send = writing((bytes) => this.writer.write({ bytes }));

  delivered(): Observable<never> {
    const { lane, scheduler } = this.session;
    const written$ = new Observable<number>((subscriber) =>
      this.writer.whenIdle(() => {
        subscriber.next(this.writer.confirmed);
        subscriber.complete();
      }),
    );
    const progress$ = defer(() =>
      this.isOpen
        ? lane.run(cipAck({ link: this.link }))
        : throwError(() => this.ended(`${this.name} has ended before everything was acknowledged.`)),
    );
    return written$.pipe(
      mergeMap((bytes) => progress$.pipe(until(({ acknowledged }) => acknowledged >= bytes, scheduler))),
      ignoreElements(),
    );
  }

  protected deliver(chunks: readonly Uint8Array[]): void {
    // As one, however the line has cut it: programs that take what comes at a time for a message,
    // which TCP does not promise and a computer's own network nearly always gives, are common.
    if (chunks.length > 0) this.receiveQueue.push(joinChunks(chunks));
  }

  protected take(chunk: Uint8Array): void {
    this.receiveQueue.push(chunk);
  }

  protected cutShort(): void {
    this.framingLost();
  }
}
